/** An answer other than success, thrown from anywhere below an endpoint and rendered in one place. */
export class KeycloakError extends Error {
  readonly status: number
  readonly body: unknown
  readonly headers: Record<string, string>

  constructor(status: number, body: unknown, headers: Record<string, string> = {}) {
    super(`HTTP ${status}`)
    this.name = 'KeycloakError'
    this.status = status
    this.body = body
    this.headers = headers
  }
}

/** An error of RFC 6749 section 5.2, such as `oauthError(400, 'invalid_grant', 'Code not valid')`. */
export const oauthError = (status: number, error: string, description?: string) =>
  new KeycloakError(status, description === undefined ? { error } : { error, error_description: description })

const texts: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
}

/** Keycloak's plain answer for a status, such as `{"error":"HTTP 403 Forbidden"}`. */
export const plainError = (status: number) =>
  new KeycloakError(status, { error: `HTTP ${status} ${texts[status] ?? ''}`.trim() })
