/** A token of a service client in the realm `applied`. */
export async function serviceToken(url: string, clientId: string, secret: string): Promise<string> {
  const answer = await fetch(`${url}/realms/applied/protocol/openid-connect/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: secret }),
  })
  const { access_token: token } = (await answer.json()) as { access_token: string }
  return token
}

type Claims = { iss: string; aud: string | string[]; scope: string; realm_access: { roles: string[] } }

/** What that token says. */
export async function serviceClaims(url: string, clientId: string, secret: string): Promise<Claims> {
  const [, payload = ''] = (await serviceToken(url, clientId, secret)).split('.')
  return JSON.parse(Buffer.from(payload, 'base64url').toString())
}
