export interface ApiAnswer {
  status: number
  headers: Headers
  text: string
  /** Undefined where no JSON came. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever is answered
  body: any
}

export type ApiCall = (
  method: string,
  path: string,
  body?: object,
  headers?: Record<string, string>,
) => Promise<ApiAnswer>

/** Calls what is below an address with a token: the gateway's API, or Keycloak's. */
export function apiByToken(url: string, token: string): ApiCall {
  return async (method, path, body, more = {}) => {
    const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
    const answer = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, ...type, ...more },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    const isJson = answer.headers.get('content-type')?.includes('json') === true
    return { status: answer.status, headers: answer.headers, text, body: isJson ? JSON.parse(text) : undefined }
  }
}
