/** The cookies of one origin, as simple as a benchmark needs them. */
export interface CookieJar {
  /** From `Set-Cookie` lines. */
  keep(lines: readonly string[]): void
  /** For `Cookie`. */
  header(): string
}

export function createCookieJar(): CookieJar {
  const cookies = new Map<string, string>()
  return {
    keep(lines) {
      for (const line of lines) {
        const [pair = '', ...attributes] = line.split(';')
        const cut = pair.indexOf('=')
        const name = pair.slice(0, cut)
        const gone = attributes.some((text) => /^\s*(max-age=0|expires=Thu, 01 Jan 1970.*)$/i.test(text))
        if (gone) cookies.delete(name)
        else cookies.set(name, pair.slice(cut + 1))
      }
    },
    header: () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
  }
}
