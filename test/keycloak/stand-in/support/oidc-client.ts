import { createHash, randomBytes } from 'node:crypto'
import { type Answer, readAnswer } from './answer.ts'
import { callback } from './test-realm.ts'
import { createVisitor, formAction, type Visitor } from './visitor.ts'

/** Client id and secret for HTTP Basic, or nobody at all. */
export type Credentials = `${string}:${string}` | 'nobody'

/** Parameters of a request; a member set to undefined is left out. */
export type Changes = Record<string, string | undefined>

/** An authorization request: where to go and the secret that belongs to it. */
export type Request = { url: URL; verifier: string; parameters: Record<string, string> }

/** Somebody who went through the form: the browser, where it was sent, and with which request. */
export type Login = { visitor: Visitor; request: Request; answer: Answer }

type LoginOptions = { visitor?: Visitor; password?: string; changes?: Changes }

// biome-ignore lint/suspicious/noExplicitAny: tests read whatever a server sends
export type Tokens = any

/** The client `gw` of a test realm, unless a call says otherwise, and the people who sign in to it. */
export type OidcClient = {
  request(changes?: Changes): Request
  signIn(name: string, options?: LoginOptions): Promise<Login>
  /** Signs in and exchanges the code. */
  tokensFor(name: string, options?: LoginOptions): Promise<Login & { tokens: Tokens }>
  exchange(login: Pick<Login, 'answer' | 'request'>, changes?: Changes, as?: Credentials): Promise<Answer>
  /** Posts a form to an endpoint below `protocol/openid-connect`. */
  post(path: string, form: Changes, as?: Credentials, headers?: Record<string, string>): Promise<Answer>
  refresh(token: string, as?: Credentials): Promise<Answer>
  userinfo(token?: string): Promise<Answer>
  introspect(token: string, as?: Credentials, hint?: string): Promise<Answer>
}

const self = 'gw:gw-secret'

const basic = (as: Credentials): Record<string, string> =>
  as === 'nobody' ? {} : { authorization: `Basic ${Buffer.from(as).toString('base64')}` }

const defined = (changes: Changes): Record<string, string> =>
  Object.fromEntries(Object.entries(changes).filter((pair): pair is [string, string] => pair[1] !== undefined))

function newRequest(oidc: string, changes: Changes): Request {
  const verifier = randomBytes(32).toString('base64url')
  const parameters = defined({
    client_id: 'gw',
    response_type: 'code',
    scope: 'openid',
    redirect_uri: callback.gw,
    state: randomBytes(6).toString('hex'),
    nonce: randomBytes(6).toString('hex'),
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...changes,
  })
  return { url: new URL(`${oidc}/auth?${new URLSearchParams(parameters)}`), verifier, parameters }
}

/** @param oidc the address of `protocol/openid-connect` of a test realm */
export function createOidcClient(oidc: string): OidcClient {
  const post: OidcClient['post'] = async (path, form, as = self, headers = {}) => {
    const body = new URLSearchParams(defined(form))
    const init = { method: 'POST', headers: { ...basic(as), ...headers }, body, redirect: 'manual' as const }
    return readAnswer(await fetch(`${oidc}/${path}`, init))
  }

  const exchange: OidcClient['exchange'] = ({ answer, request }, changes = {}, as = self) => {
    const code = answer.location?.searchParams.get('code') ?? ''
    const { redirect_uri } = request.parameters
    const form = { grant_type: 'authorization_code', code, code_verifier: request.verifier, redirect_uri }
    return post('token', { ...form, ...changes }, as)
  }

  const signIn: OidcClient['signIn'] = async (name, options = {}) => {
    const { visitor = createVisitor(), password = `${name}-pw`, changes = {} } = options
    const request = newRequest(oidc, changes)
    const page = await visitor.go(request.url)
    if (page.status === 302) return { visitor, request, answer: page }
    const answer = await visitor.submit(formAction(page), { username: name, password, credentialId: '' })
    return { visitor, request, answer }
  }

  return {
    request: (changes = {}) => newRequest(oidc, changes),
    signIn,
    exchange,
    post,
    async tokensFor(name, options) {
      const login = await signIn(name, options)
      const client = login.request.parameters.client_id
      const answer = await exchange(login, {}, `${client}:${client}-secret`)
      if (answer.status !== 200) throw new Error(`No tokens for ${name}: ${answer.status} ${answer.text}`)
      return { ...login, tokens: answer.json }
    },
    refresh: (token, as) => post('token', { grant_type: 'refresh_token', refresh_token: token }, as),
    async userinfo(token) {
      const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
      return readAnswer(await fetch(`${oidc}/userinfo`, { headers }))
    },
    introspect: (token, as = 'orders:orders-secret', hint) =>
      post('token/introspect', { token, token_type_hint: hint }, as),
  }
}
