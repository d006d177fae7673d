import { createHash, randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { BenchClient } from './tokens.ts'

interface Grant {
  redirectUri: string
  challenge: string
  nonce: string | null
}

/** The nonce of a code that fits, for the ID token. */
export type Redeem = (code: string, redirectUri: string, verifier: string) => Pick<Grant, 'nonce'> | undefined

/** The authorization endpoint (RFC 6749 section 4.1, RFC 7636): says yes at once, and gives codes that work once. */
export function createAuthorize(issuer: string, client: BenchClient) {
  const grants = new Map<string, Grant>()

  function authorize({ searchParams }: URL, res: ServerResponse): void {
    const redirectUri = searchParams.get('redirect_uri') ?? ''
    const challenge = searchParams.get('code_challenge') ?? ''
    const known = searchParams.get('client_id') === client.id && client.redirectUris.includes(redirectUri)
    if (!known || searchParams.get('code_challenge_method') !== 'S256' || challenge === '') {
      res.writeHead(400).end('unknown client or redirect URI, or no PKCE')
      return
    }
    const code = randomUUID()
    grants.set(code, { redirectUri, challenge, nonce: searchParams.get('nonce') })
    const back = new URL(redirectUri)
    back.searchParams.set('code', code)
    back.searchParams.set('state', searchParams.get('state') ?? '')
    back.searchParams.set('iss', issuer)
    res.writeHead(302, { Location: back.href }).end()
  }

  const redeem: Redeem = (code, redirectUri, verifier) => {
    const grant = grants.get(code)
    grants.delete(code)
    const fits =
      grant?.redirectUri === redirectUri &&
      grant.challenge === createHash('sha256').update(verifier).digest('base64url')
    return fits ? { nonce: grant.nonce } : undefined
  }

  return { authorize, redeem }
}
