const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/gs

/**
 * The name of a member that one object of a JSON text has twice, or undefined. Parsers take the last one without a word
 * (RFC 8259 section 4), so whoever checks with another parser checks another request. What is no JSON is not judged.
 * @param never a name that is told even where it comes once
 */
export function duplicateMember(text: string, never?: string): string | undefined {
  const open: (Set<string> | undefined)[] = []
  let before = ''
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{') open.push(new Set())
    else if (token === '[') open.push(undefined)
    else if (token === '}' || token === ']') open.pop()
    else if (token.startsWith('"') && (before === '{' || before === ',')) {
      const members = open.at(-1)
      const name = members === undefined ? undefined : plain(token)
      if (name !== undefined && (name === never || members?.has(name))) return name
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
