import { Counter, type Registry } from 'prom-client'

export interface TallyCounterOptions {
  name: string
  help: string
  labelNames: readonly [string, string]
  registry: Registry
}

/** A Prometheus counter by two labels for the hot path: counts in plain numbers, which are handed over when somebody reads. */
export function createTallyCounter({ name, help, labelNames, registry }: TallyCounterOptions) {
  const tallies = new Map<string, Map<string, { count: number }>>()

  new Counter({
    name,
    help,
    labelNames: [...labelNames],
    registers: [registry],
    collect() {
      for (const [first, family] of tallies)
        for (const [second, tally] of family) {
          this.inc({ [labelNames[0]]: first, [labelNames[1]]: second }, tally.count)
          tally.count = 0
        }
    },
  })

  return function count(first: string, second: string): void {
    let family = tallies.get(first)
    if (family === undefined) {
      family = new Map()
      tallies.set(first, family)
    }
    const tally = family.get(second)
    if (tally === undefined) family.set(second, { count: 1 })
    else tally.count++
  }
}
