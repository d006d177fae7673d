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
    const address =
      rewrite !== undefined && url.startsWith(rewrite.from) ? rewrite.to + url.slice(rewrite.from.length) : url
    try {
      return await guard.execute(async (signal) => {
        const signals = init.signal ? AbortSignal.any([signal, init.signal]) : signal
        const response = await call(address, { ...init, redirect: 'manual', signal: signals }, guard.target)
        const whole = await readWhole(response, maxBytes, guard.target)
        if (whole.status >= 500) throw new ServerError(whole, guard.target)
        return whole
      })
    } catch (error) {
      if (error instanceof ServerError) return error.response
      throw error
    }
  }
}

async function call(url: string, init: RequestInit, target: string): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (error) {
    throw new DependencyFailure('network', `${target} cannot be reached`, error)
  }
}

async function readWhole(response: Response, maxBytes: number, target: string): Promise<Response> {
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of response.body ?? []) {
      size += chunk.length
      if (size > maxBytes) throw new Error(`the answer is larger than ${maxBytes} bytes`)
      chunks.push(chunk)
    }
  } catch (error) {
    throw new DependencyFailure('network', `${target} broke off its answer`, error)
  }
  const empty = [101, 204, 205, 304].includes(response.status) || response.status < 200
  const body = empty ? null : Buffer.concat(chunks)
  return new Response(body, { status: response.status, statusText: response.statusText, headers: response.headers })
}
