import { the } from '../support/the.ts'

export interface OAuthAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Empty where the body is. */
  readonly body: Record<string, unknown>
}

export interface OAuthRequest {
  /** `id:secret`; the usual client by default, null for none. */
  basic?: string | null
  headers?: Record<string, string>
}

export const CLIENT = `${the.clientId}:${the.clientSecret}`

/** A service client of the gateway's OAuth endpoints. */
export function oauthClient(url: string) {
  return async function post(
    endpoint: 'token' | 'introspect' | 'revoke',
    form: Record<string, string>,
    { basic = CLIENT, headers = {} }: OAuthRequest = {},
  ): Promise<OAuthAnswer> {
    const authorization = basic === null ? {} : { authorization: `Basic ${btoa(basic)}` }
    const response = await fetch(`${url}/api/v1/auth/${endpoint}`, {
      method: 'POST',
      headers: { ...authorization, ...headers },
      body: new URLSearchParams(form),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, body: text === '' ? {} : JSON.parse(text) }
  }
}
