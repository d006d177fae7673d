import { DependencyFailure } from './dependency-failure.ts'
import type { Guard } from './resilience.ts'

export interface GuardedFetchOptions {
  guard: Guard
  /** Largest answer in bytes. */
  maxBytes?: number
  /** Changes where a call goes, not what is expected of it (split horizon). */
  rewrite?: { from: string; to: string } | undefined
}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>

class ServerError extends DependencyFailure {
  readonly response: Response
  constructor(response: Response, target: string) {
    super('server-error', `${target} answered ${response.status}`)
    this.response = response
  }
}

/**
 * fetch inside a guard, redirects never followed, the answer read whole and bounded. A 5xx counts against the breaker
 * and is answered all the same, so that the caller can read it.
 * @throws DependencyFailure
 */
export function createGuardedFetch({ guard, maxBytes = 1_048_576, rewrite }: GuardedFetchOptions): Fetch {
  return async function guardedFetch(url, init) {
    try {
      return await guard.execute(async (signal) => {
        const signals = init.signal ? AbortSignal.any([signal, init.signal]) : signal
        const response = await fetchWhole(
          rewrite === undefined ? url : rewritten(url, rewrite),
          { ...init, redirect: 'manual', signal: signals },
          maxBytes,
        ).catch((error: unknown) => {
          throw failureOf(error, guard.target, init.signal)
        })
        if (response.status >= 500) throw new ServerError(response, guard.target)
        return response
      })
    } catch (error) {
      if (error instanceof ServerError) return error.response
      throw error
    }
  }
}

/** The address with its beginning replaced; `https://id.test` is not the beginning of `https://id.test.evil`. */
function rewritten(url: string, { from, to }: { from: string; to: string }): string {
  const rest = url.startsWith(from) ? url.slice(from.length) : undefined
  return rest !== undefined && /^([/?#]|$)/.test(rest) ? to + rest : url
}

/** A caller that went away is no fault of the dependency; a caller's deadline that it let pass is. */
function failureOf(error: unknown, target: string, caller: AbortSignal | null | undefined): unknown {
  if (!caller?.aborted) return new DependencyFailure('network', `${target} cannot be reached or broke off`, error)
  const late = caller.reason instanceof DOMException && caller.reason.name === 'TimeoutError'
  return late ? new DependencyFailure('timeout', `${target} did not answer in time`, error) : caller.reason
}

async function fetchWhole(url: string, init: RequestInit, maxBytes: number): Promise<Response> {
  const response = await fetch(url, init)
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > maxBytes) throw new Error(`the answer is larger than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  const { status, statusText, headers } = response
  const body = [204, 205, 304].includes(status) ? null : Buffer.concat(chunks)
  return new Response(body, { status, statusText, headers })
}
