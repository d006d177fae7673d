import type { Client, Realm } from '../realm-schema.ts'
import { checkMappers } from './check-scopes.ts'
import { isMasked, MASKED } from './check-settings.ts'
import { checkNames, checkUnique, type DeclaredNames, type Report } from './declared-names.ts'

/** Clients: secrets, flows, addresses, logout, scopes and mappers. */
export function checkClients(realm: Realm, names: DeclaredNames, report: Report): void {
  const clients = realm.clients ?? []
  checkUnique(
    clients.map(({ clientId }) => clientId),
    (index) => ['clients', index, 'clientId'],
    'client',
    report,
  )
  for (const [index, client] of clients.entries()) {
    const at: Report = (path, message) => report(['clients', index, ...path], message)
    checkSecret(client, at)
    checkFlows(client, at)
    checkAddresses(client, at)
    checkLogout(client, at)
    checkClientScopes(client, names, at)
    checkMappers(client.protocolMappers, ['protocolMappers'], names, at)
  }
}

function checkSecret(client: Client, report: Report): void {
  if (isMasked(client.secret)) report(['secret'], MASKED)
  const withSecret = (client.clientAuthenticatorType ?? 'client-secret').startsWith('client-secret')
  if (client.publicClient === true || client.bearerOnly === true || !withSecret) return
  if (!client.secret)
    report(['secret'], 'is missing; Keycloak would make one up that nobody knows. Give one, best by a placeholder')
}

/** Keycloak's default for `standardFlowEnabled` is true. */
function signsPeopleIn(client: Client): boolean {
  return client.standardFlowEnabled !== false && client.bearerOnly !== true
}

/** What it is given opens no door, and nobody without its secret can ask. */
function onlyChecksPasswords(client: Client): boolean {
  const scopes = [...(client.defaultClientScopes ?? ['all']), ...(client.optionalClientScopes ?? ['all'])]
  return (
    client.publicClient === false &&
    client.standardFlowEnabled === false &&
    client.serviceAccountsEnabled !== true &&
    client.fullScopeAllowed === false &&
    (client.redirectUris ?? []).length === 0 &&
    scopes.every((scope) => scope === 'basic')
  )
}

function checkFlows(client: Client, report: Report): void {
  if (client.implicitFlowEnabled === true) {
    report(
      ['implicitFlowEnabled'],
      'must be false: the implicit flow hands tokens to the browser (RFC 9700, section 2.1.2)',
    )
  }
  if (client.directAccessGrantsEnabled === true && !onlyChecksPasswords(client)) {
    report(
      ['directAccessGrantsEnabled'],
      'must be false: passwords belong to Keycloak alone (RFC 9700, section 2.4). Only a confidential client that can do nothing else may check them: no other flow, no full scope, no scopes but basic, no redirect addresses',
    )
  }
  if (client.serviceAccountsEnabled === true && client.publicClient === true) {
    report(['serviceAccountsEnabled'], 'needs a client with a secret; set publicClient to false')
  }
  const pkce = client.attributes?.['pkce.code.challenge.method']
  const atOwnAddress = (client.redirectUris ?? []).some((uri) => !uri.startsWith('/'))
  const needed = pkce !== undefined || (client.publicClient === true && signsPeopleIn(client) && atOwnAddress)
  if (needed && pkce !== 'S256') {
    report(['attributes', 'pkce.code.challenge.method'], 'must be "S256"; Keycloak takes any other text without a word')
  }
}

function checkAddresses(client: Client, report: Report): void {
  const uris = client.redirectUris ?? []
  if (signsPeopleIn(client) && uris.length === 0) {
    report(['redirectUris'], 'is empty, so nobody can sign in; add an address, or set standardFlowEnabled to false')
  }
  for (const [index, uri] of uris.entries()) {
    if (!isAtKeycloak(uri, client)) checkAddress(uri, ['redirectUris', index], report)
  }
  const afterLogout = client.attributes?.['post.logout.redirect.uris']
  for (const uri of afterLogout ? afterLogout.split('##') : []) {
    if (uri !== '+' && uri !== '-') checkAddress(uri, ['attributes', 'post.logout.redirect.uris'], report)
  }
  for (const [index, origin] of (client.webOrigins ?? []).entries()) {
    if (origin === '*') report(['webOrigins', index], 'must not be "*": any website could call Keycloak as this client')
  }
}

/** Keycloak's own consoles: an address below its own host, which no other site can use. */
function isAtKeycloak(uri: string, client: Client): boolean {
  return uri.startsWith('/') && /^\$\{auth(Base|Admin)Url\}$/.test(client.rootUrl ?? '')
}

function checkAddress(uri: string, path: PropertyKey[], report: Report): void {
  if (uri.includes('*')) report(path, `"${uri}" has a wildcard; write the exact address (RFC 9700, section 2.1)`)
  else if (!isHttpUrl(uri)) report(path, `"${uri}" is not an absolute http or https address`)
  else if (uri.includes('#') || new URL(uri).username !== '')
    report(path, `"${uri}" must have no fragment and no user name`)
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:\/\/[^/]/.test(text)
}

function checkLogout(client: Client, report: Report): void {
  const url = client.attributes?.['backchannel.logout.url']
  if (url !== undefined) checkAddress(url, ['attributes', 'backchannel.logout.url'], report)
  if (client.frontchannelLogout === true) {
    report(['frontchannelLogout'], 'must be false: Keycloak then sends no back-channel logout to this client')
  }
}

function checkClientScopes(client: Client, names: DeclaredNames, report: Report): void {
  checkNames(client.defaultClientScopes, names.scopes, ['defaultClientScopes'], 'client scope', report)
  checkNames(client.optionalClientScopes, names.scopes, ['optionalClientScopes'], 'client scope', report)
  const getsTokens = signsPeopleIn(client) || client.serviceAccountsEnabled === true
  const missing = ['basic', 'roles'].filter((scope) => !client.defaultClientScopes?.includes(scope))
  if (client.defaultClientScopes !== undefined && getsTokens && missing.length > 0) {
    report(['defaultClientScopes'], `lacks ${missing.join(' and ')}: its tokens would name no subject or no roles`)
  }
}
