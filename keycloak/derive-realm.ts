import type { Client, Realm } from './realm-schema.ts'

/**
 * How a derived realm differs: its name, where the gateway is (`publicUrl`, and `backchannelUrl` when Keycloak reaches it
 * elsewhere; both an origin such as `http://localhost:41234`), and realm settings to replace (`accessTokenLifespan: 5`).
 */
export type Derivation = {
  name: string
  publicUrl?: string
  backchannelUrl?: string
  overrides?: Partial<Realm>
}

/**
 * The same realm under another name, for tests that must not disturb each other. The default role and the addresses that
 * carry the realm's name follow; every absolute address of a client moves to the given origin, path and query kept.
 */
export function deriveRealm(realm: Realm, { name, publicUrl, backchannelUrl, overrides }: Derivation): Realm {
  const backchannel = backchannelUrl ?? publicUrl
  const renamed = rename(realm, realm.realm, name)
  return {
    ...renamed,
    clients: (renamed.clients ?? []).map((client) => move(client, publicUrl, backchannel)),
    ...overrides,
    realm: name,
  }
}

function rename(realm: Realm, from: string, to: string): Realm {
  const visit = (node: unknown): unknown => {
    if (typeof node === 'string') return renameText(node, from, to)
    if (Array.isArray(node)) return node.map(visit)
    if (typeof node !== 'object' || node === null) return node
    return Object.fromEntries(Object.entries(node).map(([member, value]) => [member, visit(value)]))
  }
  return visit(realm) as Realm
}

function renameText(text: string, from: string, to: string): string {
  if (text === `default-roles-${from}`) return `default-roles-${to}`
  return text.replace(`/realms/${from}/`, `/realms/${to}/`).replace(`/admin/${from}/`, `/admin/${to}/`)
}

function move(client: Client, publicUrl: string | undefined, backchannelUrl: string | undefined): Client {
  const attributes = { ...client.attributes }
  const afterLogout = attributes['post.logout.redirect.uris']
  const backchannel = attributes['backchannel.logout.url']
  if (afterLogout) {
    attributes['post.logout.redirect.uris'] = afterLogout
      .split('##')
      .map((uri) => atOrigin(uri, publicUrl))
      .join('##')
  }
  if (backchannel) attributes['backchannel.logout.url'] = atOrigin(backchannel, backchannelUrl)
  return {
    ...client,
    attributes,
    redirectUris: (client.redirectUris ?? []).map((uri) => atOrigin(uri, publicUrl)),
    webOrigins: (client.webOrigins ?? []).map((origin) => (URL.canParse(origin) ? (publicUrl ?? origin) : origin)),
  }
}

/** Keycloak compares addresses letter by letter, so only the origin is exchanged and the rest is left untouched. */
function atOrigin(uri: string, origin: string | undefined): string {
  if (origin === undefined || !/^https?:\/\//.test(uri)) return uri
  return uri.replace(/^https?:\/\/[^/?#]+/, new URL(origin).origin)
}
