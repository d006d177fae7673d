import { ownValue } from './own-value.ts'
import { jsonPath, type Problem } from './problem.ts'

/** Where the values of `${NAME}` come from; usually `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Replaces `${NAME}` and `${NAME:default}` in every string of a parsed realm file.
 *
 * It gives what Keycloak's file importer gives (checked on 26.7.3): the default may hold further placeholders, a set but
 * empty variable counts as set, `${A,B}` takes the first that is set, and `$${…}` stays as it is, both dollars included.
 * Where the importer goes wrong in silence this answers with a problem instead: an unset name without a default (Keycloak
 * keeps the text `${NAME}`, and a secret would then be those letters), and a value that would change the JSON around it.
 */
export function resolvePlaceholders(value: unknown, env: Environment): { value: unknown; problems: Problem[] } {
  const problems: Problem[] = []
  const visit = (node: unknown, path: readonly PropertyKey[]): unknown => {
    if (typeof node === 'string') {
      return resolveText(node, env, (message) => problems.push({ path: jsonPath(path), message }))
    }
    if (Array.isArray(node)) return node.map((item, index) => visit(item, [...path, index]))
    if (typeof node !== 'object' || node === null) return node
    return Object.fromEntries(Object.entries(node).map(([name, item]) => [name, visit(item, [...path, name])]))
  }
  return { value: visit(value, []), problems }
}

type Report = (message: string) => void

function resolveText(text: string, env: Environment, report: Report): string {
  let result = ''
  let from = 0
  for (let open = text.indexOf('${'); open !== -1; open = text.indexOf('${', from)) {
    const close = closingBrace(text, open + 2)
    if (close === -1) {
      report(`the placeholder that begins with ${JSON.stringify(text.slice(open, open + 20))} is not closed; add the }`)
      break
    }
    result += text.slice(from, open)
    const body = text.slice(open + 2, close)
    result += escaped(text, open) ? `\${${body}}` : resolveBody(body, env, report)
    from = close + 1
  }
  return result + text.slice(from)
}

/** An odd dollar before the one of `${` escapes it; pairs of dollars are just dollars. */
function escaped(text: string, open: number): boolean {
  let dollars = 0
  while (text[open - 1 - dollars] === '$') dollars += 1
  return dollars % 2 === 1
}

function closingBrace(text: string, from: number): number {
  let depth = 1
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1
    if (text[at] === '}') depth -= 1
    if (depth === 0) return at
  }
  return -1
}

function resolveBody(body: string, env: Environment, report: Report): string {
  const colon = body.indexOf(':')
  const names = (colon > 0 ? body.slice(0, colon) : body).split(',')
  if (names.some((name) => !/^[A-Za-z_][\w.-]*$/.test(name))) {
    report(`\${${body}} does not begin with the name of a variable; write \${NAME} or \${NAME:default}`)
    return `\${${body}}`
  }
  const name = names.find((candidate) => ownValue(env, candidate) !== undefined)
  const value = name === undefined ? undefined : ownValue(env, name)
  if (name !== undefined && value !== undefined) return checkedValue(name, value, report)
  if (colon > 0) return resolveText(body.slice(colon + 1), env, report)
  if (!isKeycloaksOwn(body)) {
    report(`the environment variable ${names.join(' or ')} is not set; set it or give a default: \${${body}:…}`)
  }
  return `\${${body}}`
}

/** Keycloak's own texts, addresses and claim names, which it fills in itself while it runs; exports are full of them. */
function isKeycloaksOwn(name: string): boolean {
  return /^(client_[\w-]+|role_[\w-]+|\w+ScopeConsentText|authBaseUrl|authAdminUrl)$/.test(name)
}

/** Keycloak replaces in the text of the file, before it is read as JSON, and replaces again in what it has put in. */
function checkedValue(name: string, value: string, report: Report): string {
  if (value.includes('${')) report(`the value of ${name} holds a placeholder itself; write the final value into it`)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/["\\\u0000-\u001f]/.test(value)) {
    report(
      `the value of ${name} holds a quote, a backslash or a control character, which would break the JSON around it`,
    )
  }
  return value
}
