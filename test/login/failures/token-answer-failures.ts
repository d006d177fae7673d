import type { ScriptedProvider } from '../../support/scripted-provider.ts'
import { AWAY, type Failure, REFUSED, REJECTED, UNTRUSTED } from './failure.ts'

const answering = (change: Record<string, unknown>) => (provider: ScriptedProvider) => {
  provider.script.tokenAnswer = (answer) => ({ ...answer, ...change })
}
/** Answers of the token endpoint that bring no login. */
export const tokenAnswerFailures: Failure[] = [
  { what: 'no ID token', arrange: answering({ id_token: undefined }), ...UNTRUSTED },
  { what: 'an ID token that is an object', arrange: answering({ id_token: {} }), ...UNTRUSTED },
  { what: 'no access token', arrange: answering({ access_token: undefined }), ...UNTRUSTED },
  { what: 'an access token that is a number', arrange: answering({ access_token: 5 }), ...UNTRUSTED },
  { what: 'no token type', arrange: answering({ token_type: undefined }), ...UNTRUSTED },
  { what: 'an unknown token type', arrange: answering({ token_type: 'mac' }), ...UNTRUSTED },
  { what: 'expires_in "soon"', arrange: answering({ expires_in: 'soon' }), ...UNTRUSTED },
  { what: 'expires_in -5', arrange: answering({ expires_in: -5 }), ...UNTRUSTED },
  { what: 'a refresh token that is a list', arrange: answering({ refresh_token: [] }), ...UNTRUSTED },
  { what: 'a scope that is a list', arrange: answering({ scope: ['openid'] }), ...UNTRUSTED },
  ...(
    [
      ['HTML', { body: '<h1>canary</h1>' }, UNTRUSTED],
      ['an empty body', { headers: { 'content-type': 'application/json' } }, UNTRUSTED],
      ['half a JSON', { headers: { 'content-type': 'application/json' }, body: '{"access_token":"can' }, UNTRUSTED],
      ['a JSON list', { headers: { 'content-type': 'application/json' }, body: '[]' }, UNTRUSTED],
      ['JSON null', { headers: { 'content-type': 'application/json' }, body: 'null' }, UNTRUSTED],
      ['204', { status: 204 }, UNTRUSTED],
      ['a redirect', { status: 302, headers: { location: '/elsewhere' } }, UNTRUSTED],
      ['400 invalid_grant', { status: 400, body: { error: 'invalid_grant' } }, REJECTED],
      ['400 invalid_client', { status: 400, body: { error: 'invalid_client' } }, REFUSED],
      ['401', { status: 401, body: { error: 'unauthorized_client' } }, REFUSED],
      ['401 with a challenge', { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' } }, REFUSED],
      ['403', { status: 403, body: { error: 'access_denied' } }, REFUSED],
      ['403 in HTML', { status: 403, body: '<h1>no</h1>' }, UNTRUSTED],
      ['404 in HTML', { status: 404, body: '<h1>no</h1>' }, UNTRUSTED],
      ['429', { status: 429, body: { error: 'slow_down' } }, AWAY],
      ['500', { status: 500, body: { error: 'server_error' } }, AWAY],
      ['502 in HTML', { status: 502, body: '<h1>Bad Gateway</h1>' }, AWAY],
      ['503', { status: 503, body: { error: 'temporarily_unavailable' } }, AWAY],
      ['504 without a body', { status: 504 }, AWAY],
    ] as const
  ).map(([what, reply, expected]) => ({
    what: `the token endpoint answers ${what}`,
    arrange: (provider: ScriptedProvider) => provider.reply('token', reply, 1),
    ...expected,
  })),
  { what: 'the token endpoint hangs up', arrange: (provider) => provider.reply('token', 'hang-up', 1), ...AWAY },
]
