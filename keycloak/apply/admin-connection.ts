import KeycloakAdminClient, { NetworkError } from '@keycloak/keycloak-admin-client'

/** Who applies a realm: an administrator of the server, or a client whose service account is one. */
export type AdminCredentials = { username: string; password: string } | { clientId: string; clientSecret: string }

/** Which server, as whom, and the realm that calls are about unless they name another one (`master`). */
export type AdminConnection = { url: string; admin: AdminCredentials; realm?: string }

/**
 * An admin client for the server at `url`, signed in at the realm `master` and renewing its token by itself.
 *
 * @throws Error when the server cannot be reached, is no Keycloak, or does not accept the credentials.
 */
export async function connectAdmin({ url, admin, realm = 'master' }: AdminConnection): Promise<KeycloakAdminClient> {
  const baseUrl = url.replace(/\/+$/, '')
  let token: { value: string; expires: number } | undefined
  const getAccessToken = async () => {
    if (token === undefined || token.expires <= Date.now()) token = await fetchToken(baseUrl, admin)
    return token.value
  }
  await getAccessToken()
  const client = new KeycloakAdminClient({ baseUrl, realmName: realm, timeout: 60_000 })
  client.registerTokenProvider({ getAccessToken })
  return client
}

async function fetchToken(baseUrl: string, admin: AdminCredentials): Promise<{ value: string; expires: number }> {
  const form =
    'username' in admin
      ? { grant_type: 'password', client_id: 'admin-cli', username: admin.username, password: admin.password }
      : { grant_type: 'client_credentials', client_id: admin.clientId, client_secret: admin.clientSecret }
  const endpoint = `${baseUrl}/realms/master/protocol/openid-connect/token`
  const answer = await fetch(endpoint, {
    method: 'POST',
    body: new URLSearchParams(form),
    signal: AbortSignal.timeout(15_000),
  }).catch((error: unknown) => {
    throw new Error(
      `Keycloak cannot be reached at ${baseUrl} (${reason(error)}). Is it running? Start one with: npm run keycloak`,
    )
  })
  const body: unknown = await answer.json().catch(() => undefined)
  if (!answer.ok) throw new Error(refusal(baseUrl, admin, answer.status, body))
  if (!isToken(body)) throw new Error(`What answers at ${baseUrl} is not a Keycloak; check the address.`)
  // Renewed when half of its life is over: an answer may take long on a busy machine.
  return { value: body.access_token, expires: Date.now() + (body.expires_in * 1000) / 2 }
}

function refusal(baseUrl: string, admin: AdminCredentials, status: number, body: unknown): string {
  const who = 'username' in admin ? `administrator "${admin.username}"` : `client "${admin.clientId}"`
  if (status === 400 || status === 401) {
    return `Keycloak at ${baseUrl} does not let the ${who} in (${describe(body) || status}); check the name and the password.`
  }
  return `Keycloak at ${baseUrl} answered ${status} to the sign-in of the ${who}; check the address. ${describe(body)}`.trim()
}

function describe(body: unknown): string {
  if (typeof body !== 'object' || body === null) return ''
  const { error, error_description: description } = body as { error?: unknown; error_description?: unknown }
  return [description, error].find((text) => typeof text === 'string') ?? ''
}

function isToken(body: unknown): body is { access_token: string; expires_in: number } {
  return typeof body === 'object' && body !== null && 'access_token' in body && 'expires_in' in body
}

/** Why a request did not get through, in the words of the network. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  return cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : error.message
}

/** Puts what Keycloak refused, and where, into the message of an error of the admin client. */
export function explainRefusal(error: unknown): Error {
  if (!(error instanceof NetworkError)) return error instanceof Error ? error : new Error(String(error))
  const { status, url } = error.response
  const detail = JSON.stringify(error.responseData)
  const hint = status === 403 ? ' The administrator lacks the right to do this.' : ''
  return new Error(`Keycloak answered ${status} at ${new URL(url).pathname}: ${detail}.${hint}`, { cause: error })
}
