const SECRET_KEY =
  /(authorization|cookie|token|secret|password|passphrase|credential|assertion|api[-_]?key|private|^code$|^state$|^nonce$|verifier)/i
const SECRET_IN_TEXT =
  /((?:code|state|token|id_token_hint|client_secret|password|nonce|session_state|code_verifier)=)[^&\s"']+/gi
const JWT_IN_TEXT = /\beyJ[\w-]{5,}\.[\w-]*(?:\.[\w-]*){1,3}/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is being removed
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g
const MAX_TEXT = 2_000
const MAX_DEPTH = 6

/** Replaces what must not be logged in a text: parameters that carry secrets, JWTs, control and direction characters. */
export function redactText(text: string): string {
  const short = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text
  return short
    .replace(SECRET_IN_TEXT, '$1[redacted]')
    .replace(JWT_IN_TEXT, '[redacted-jwt]')
    .replace(CONTROLS, '\ufffd')
}

/** A copy of a log record's member that is safe to write: secrets by key name and by look, depth and length bounded. */
export function redact(value: unknown, key = '', depth = 0): unknown {
  if (typeof value === 'string') return SECRET_KEY.test(key) ? '[redacted]' : redactText(value)
  if (typeof value === 'bigint') return value.toString()
  if (value === null || typeof value !== 'object') return value
  if (SECRET_KEY.test(key)) return '[redacted]'
  if (depth >= MAX_DEPTH) return '[deep]'
  if (value instanceof Error) return redactError(value, depth)
  if (Array.isArray(value)) return value.slice(0, 50).map((item) => redact(item, '', depth + 1))
  if (value instanceof URL) return redactText(value.href)
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, redact(item, name, depth + 1)]))
}

function redactError(error: Error, depth: number): Record<string, unknown> {
  const { code, status, reason } = error as Error & { code?: unknown; status?: unknown; reason?: unknown }
  return {
    name: error.name,
    message: redactText(error.message),
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof status === 'number' ? { status } : {}),
    ...(typeof reason === 'string' ? { reason: redactText(reason) } : {}),
    ...(error.stack === undefined ? {} : { stack: error.stack.split('\n').map(redactText).slice(0, 15).join('\n') }),
    ...(error.cause === undefined ? {} : { cause: redact(error.cause, '', depth + 1) }),
  }
}
