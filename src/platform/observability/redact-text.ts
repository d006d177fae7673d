const MAX_TEXT = 2_000

const SECRET_NAME =
  '(?:token|token_hint|secret|password|passphrase|assertion|verifier|api[-_]?key|authorization|credentials?|session_?(?:state|id))'
const EQUALS = '(?:=|%(?:25)*3D)'
const UNTIL_NEXT = '(?:(?!%(?:25)*26)[^&\\s"\'])+'

/** What looks like a secret in running text, and what is written in its place; over-careful rather than too late. */
const RULES: readonly [pattern: RegExp, replacement: string][] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, '[redacted-key]'],
  // A JWT, a part of one, or what is left of one that was cut: header and payload begin with `{"`.
  [/eyJ[\w-]{8,}(?:\.[\w-]*)*/g, '[redacted-jwt]'],
  [/((?:set-)?cookie: *)[^\r\n]+/gi, '$1[redacted]'],
  [/(authorization: *)(?![ "'])[^\r\n"']+/gi, '$1[redacted]'],
  // Real credentials are long or hold a digit; the words "bearer tokens" do not.
  [/\b(bearer|basic|dpop|digest) +(?=\S*[\d=]|\S{20})[\w.~+/=-]+/gi, '$1 [redacted]'],
  // Parameters, also of an address that stands encoded in another one.
  [
    new RegExp(`((?:${SECRET_NAME}|code|state|nonce|cloakroom[\\w-]{0,40})${EQUALS})${UNTIL_NEXT}`, 'gi'),
    '$1[redacted]',
  ],
  // Members of JSON or of an inspected object, also where the text is itself inside a text.
  [new RegExp(`(${SECRET_NAME}\\\\*["']? *: *\\\\*["'])[^"'\\\\]+`, 'gi'), '$1[redacted]'],
  [/("(?:code|state|nonce|sid)\\*" *: *\\*")[^"\\]+/g, '$1[redacted]'],
  [/(\w:\/\/)[^\s/@"']+@/g, '$1[redacted]@'],
  [/\b((?:sk_service|uk_user|ak_admin|rk_readonly)_)[\w-]+/g, '$1[redacted]'],
]

const CONTROLS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is being removed
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g

/** Replaces what must not be logged in a text: secrets by their look, control, direction and invisible characters. */
export function redactText(text: string): string {
  // Cut generously before and exactly after, so that no secret is cut into something that no rule knows.
  let clean = text.slice(0, 4 * MAX_TEXT)
  for (const [pattern, replacement] of RULES) clean = clean.replace(pattern, replacement)
  clean = clean.replace(CONTROLS, '\ufffd')
  return clean.length > MAX_TEXT || text.length > 4 * MAX_TEXT ? `${clean.slice(0, MAX_TEXT)}…` : clean
}
