const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/gs

/** A member of this name is lost as soon as the object is copied: it would be passed over without a word. */
export const PROTOTYPE = '__proto__'

/**
 * The name of a member that one object of a JSON text has twice, or `__proto__`, or undefined. Parsers take the last one without a word
 * (RFC 8259 section 4), so whoever checks with another parser checks another request. What is no JSON is not judged.
 */
export function duplicateMember(text: string): string | undefined {
  const open: (Set<string> | undefined)[] = []
  let before = ''
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{') open.push(new Set())
    else if (token === '[') open.push(undefined)
    else if (token === '}' || token === ']') open.pop()
    else if (token.startsWith('"') && (before === '{' || before === ',')) {
      const members = open.at(-1)
      const name = members === undefined ? undefined : plain(token)
      if (name !== undefined && (name === PROTOTYPE || members?.has(name))) return name
      if (name !== undefined) members?.add(name)
    }
    before = token
  }
  return undefined
}

/** `"\u0061"` is `"a"`. */
function plain(token: string): string | undefined {
  try {
    return JSON.parse(token) as string
  } catch {
    return undefined
  }
}
