/** Texts that must not turn up where they do not belong. */
export interface Canaries {
  add(...texts: string[]): void
  /** The first of them in a text, or undefined. */
  findIn(text: string): string | undefined
}

const TAIL = 30
/** So many of the last ones are looked for; what is older is over. */
const KEPT = 200

/** Secrets and tokens by their ends, which are random in all of them: a piece is as good as the whole. */
export function createCanaries(lasting: readonly string[]): Canaries {
  let recent: string[] = []
  let pattern = patternOf(lasting)
  return {
    add(...texts) {
      recent = [...new Set([...recent, ...texts.map((text) => text.slice(-TAIL))])].slice(-KEPT)
      pattern = patternOf([...lasting, ...recent])
    },
    findIn: (text) => pattern.exec(text)?.[0],
  }
}

function patternOf(texts: readonly string[]): RegExp {
  const escaped = texts.filter((text) => text.length >= 12).map((text) => text.replace(/[^\w]/g, '\\$&'))
  return new RegExp(escaped.join('|'))
}
