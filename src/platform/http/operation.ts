import type { z } from 'zod'
import type { ErrorCode } from '../errors/error-codes.ts'

/**
 * One endpoint of the gateway's own API as data, beside the code that serves it: what OpenAPI is made from, and what tests
 * compare the router and every answer with. Schemas are the ones the handler reads its input with.
 */
export interface Operation {
  readonly id: string
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** With `{id}` for parameters; `{prefix}` stands for `MANAGEMENT_PREFIX`. */
  readonly path: string
  readonly tag: string
  readonly summary: string
  readonly description?: string
  readonly who: 'anyone' | 'session' | 'session or bearer' | 'administrator' | 'service client'
  readonly params?: z.ZodObject
  readonly query?: z.ZodObject
  readonly body?: {
    readonly schema: z.ZodType
    readonly type: 'application/json' | 'application/x-www-form-urlencoded'
    /** Where one that is made of the members' examples (`example-values.ts`) does not tell enough. */
    readonly example?: unknown
  }
  /** Successful answers by status. */
  readonly answers: Readonly<Record<number, OperationAnswer>>
  /** Codes of refusals that are this endpoint's own; those of guards, limits and outages are added from `who`. */
  readonly errors: readonly ErrorCode[]
}

export interface OperationAnswer {
  readonly description: string
  /** `data` of the envelope; absent for an answer without a body. */
  readonly data?: z.ZodType
  /** A whole body that is not the envelope (OAuth, health). */
  readonly raw?: z.ZodType
  /** A page for people. */
  readonly html?: true
  /** Headers that are always there, by name, with what they tell; `X-Request-Id` and a redirection's `Location` are added. */
  readonly headers?: Readonly<Record<string, string>>
  /** Of `data`, or of the whole body when it is `raw`; without it one is made of the members' examples. */
  readonly example?: unknown
}
