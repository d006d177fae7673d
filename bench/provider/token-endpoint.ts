import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Redeem } from './authorize.ts'
import type { BenchClient, Tokens } from './tokens.ts'

/** The token endpoint (RFC 6749 section 3.2): codes and refresh tokens, for the one client there is. */
export function createTokenEndpoint(client: BenchClient, tokens: Tokens, redeem: Redeem) {
  async function grant(form: URLSearchParams): Promise<object | undefined> {
    const of = (name: string) => form.get(name) ?? ''
    if (of('grant_type') === 'authorization_code') {
      const redeemed = redeem(of('code'), of('redirect_uri'), of('code_verifier'))
      return redeemed === undefined ? undefined : tokens.answer(randomUUID(), redeemed.nonce)
    }
    if (of('grant_type') !== 'refresh_token') return undefined
    const subject = await tokens.subjectOfRefreshToken(of('refresh_token'))
    return subject === undefined ? undefined : tokens.answer(subject, null)
  }

  return async function token(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const form = new URLSearchParams(await text(req))
    const known = isClient(client, req.headers.authorization)
    const answer = known ? await grant(form) : undefined
    const error = known ? 'invalid_grant' : 'invalid_client'
    res.writeHead(answer === undefined ? (known ? 400 : 401) : 200, { 'Content-Type': 'application/json' })
    res.end(JSON.stringify(answer ?? { error }))
  }
}

/** `client_secret_basic`: both halves come form-urlencoded (RFC 6749 section 2.3.1). */
function isClient({ id, secret }: BenchClient, authorization = ''): boolean {
  const [scheme, encoded = ''] = authorization.split(' ')
  const pair = new URLSearchParams(`pair=${Buffer.from(encoded, 'base64').toString()}`).get('pair')
  return scheme === 'Basic' && pair === `${id}:${secret}`
}
