import type { Dispatcher } from 'undici'
import { isHopByHop } from '../headers/header-rules.ts'

/** One request on its way through HTTP/2, told to the same handler as undici's. */
export interface Http2Call {
  readonly options: Dispatcher.DispatchOptions
  readonly handler: Dispatcher.DispatchHandler
  readonly controller: Http2Controller
  /** The handler knows of it. */
  begun: boolean
  /** It was refused before anybody looked at it, and sent again. */
  repeated: boolean
}

export interface Http2Controller extends Dispatcher.DispatchController {
  /** What carries the call at the moment. */
  attach(stream: Carrier | undefined): void
}

interface Carrier {
  pause(): void
  resume(): void
  abort(reason: Error): void
}

export function createHttp2Call(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): Http2Call {
  return { options, handler, controller: createController(), begun: false, repeated: false }
}

function createController(): Http2Controller {
  let carrier: Carrier | undefined
  let paused = false
  let reason: Error | null = null
  return {
    rawHeaders: null,
    rawTrailers: null,
    get aborted() {
      return reason !== null
    },
    get paused() {
      return paused
    },
    get reason() {
      return reason
    },
    pause() {
      paused = true
      carrier?.pause()
    },
    resume() {
      paused = false
      carrier?.resume()
    },
    abort(why) {
      if (reason !== null) return
      reason = why
      carrier?.abort(why)
    },
    attach(stream) {
      carrier = stream
    },
  }
}

/**
 * The fields of a request as HTTP/2 wants them (RFC 9113 section 8.3): names in small letters, `Host` as `:authority`, nothing
 * about the connection. Each field stays one of its own, so that an upstream sees what it would see in HTTP/1.1.
 */
export function http2Fields({ method, path, headers }: Dispatcher.DispatchOptions, origin: URL): string[] {
  const flat = headers as readonly string[]
  let authority = origin.host
  const fields: string[] = []
  for (let i = 0; i < flat.length; i += 2) {
    const name = (flat[i] ?? '').toLowerCase()
    const value = flat[i + 1] ?? ''
    if (name === 'host') authority = value
    else if (!isHopByHop(name)) fields.push(name, value)
  }
  return [':method', method, ':scheme', 'https', ':authority', authority, ':path', path, ...fields]
}
