import type { Cores } from '../machine.ts'
import type { Part } from '../parts/part.ts'
import type { BenchProvider } from '../provider/provider.ts'
import type { VariantName } from '../variant-names.ts'

/** One thing that is measured: a process, what a client sends to it, and what must hold before and after each run. */
export interface Variant {
  readonly name: VariantName
  readonly part: Part
  readonly port: number
  /** A file with the requests that the client sends in turn. */
  readonly requests: string
  beginRun(): Promise<void>
  /** @throws Error when the calls left not the traces they must leave */
  endRun(requests: number): Promise<void>
}

/** What is there for all variants. */
export interface Surroundings {
  /** A folder of the benchmark's own. */
  folder: string
  cores: Cores
  /** The API behind. */
  upstreamUrl: string
  redisUrl: string
  provider: BenchProvider
  /** How many people or services call. */
  callers: number
  /** Options for node itself. */
  nodeOptions: (name: VariantName) => readonly string[]
}

export type StartVariant = (surroundings: Surroundings, port: number) => Promise<Variant>
