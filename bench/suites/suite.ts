import type { BenchOptions } from '../options.ts'

/** One part of `npm run bench`; writes its result to the standard output, and what it is doing with `say`. */
export type Suite = (options: BenchOptions, signal: AbortSignal, say: (line: string) => void) => Promise<void>
