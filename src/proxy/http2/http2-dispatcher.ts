import type { TLSSocket } from 'node:tls'
import type { Dispatcher } from 'undici'
import { createHttp2Call, type Http2Call } from './http2-call.ts'
import { type Http2Seats, openHttp2Session } from './http2-session.ts'

/** The part of undici's pool that the proxy uses. */
export interface UpstreamDispatcher {
  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean
  /** Resolves when everything that was begun is over. */
  close(): Promise<void>
}

export interface Http2DispatcherParts {
  origin: URL
  /** A connection on which both sides have agreed on a protocol (ALPN). */
  connect: () => Promise<TLSSocket>
  /** For an upstream that chooses HTTP/1.1 after all. */
  fallback: UpstreamDispatcher
  maxConnections: number
  now: () => number
}

/** Milliseconds for which an upstream that does not offer HTTP/2 is not asked again. */
const ASK_AGAIN_MS = 60_000

/** With these a session takes no new stream, and nothing of the request has left. */
const NOT_SENT = new Set(['ERR_HTTP2_GOAWAY_SESSION', 'ERR_HTTP2_INVALID_SESSION', 'ERR_HTTP2_OUT_OF_STREAMS'])

/**
 * Requests over HTTP/2 where the upstream offers it, else over HTTP/1.1. Own code over node:http2, because undici 8 ends the body
 * of a request whose client has gone as if it were whole, and loses a connection with everybody's requests over one odd field.
 */
export function createHttp2Dispatcher(parts: Http2DispatcherParts): UpstreamDispatcher {
  const { origin, connect, fallback, maxConnections, now } = parts
  const sessions = new Set<Http2Seats>()
  let waiting: Http2Call[] = []
  let connecting = false
  let plainUntil = 0
  let finished: (() => void) | undefined

  function serve(): void {
    while (waiting.length > 0) {
      const seats = freeSeats()
      if (seats === undefined) {
        if (!connecting && sessions.size < maxConnections) void open()
        return
      }
      const call = waiting.shift()
      if (call !== undefined) begin(seats, call)
    }
    checkFinished()
  }

  function freeSeats(): Http2Seats | undefined {
    for (const seats of sessions) if (seats.isFree()) return seats
    return undefined
  }

  function begin(seats: Http2Seats, call: Http2Call): void {
    const { handler, controller } = call
    if (!call.begun) handler.onRequestStart?.(controller, null)
    call.begun = true
    if (controller.reason !== null) {
      handler.onResponseError?.(controller, controller.reason)
      return
    }
    try {
      seats.take(call)
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException
      if (NOT_SENT.has(code)) {
        waiting.unshift(call)
        seats.retire()
      } else handler.onResponseError?.(controller, error as Error)
    }
  }

  async function open(): Promise<void> {
    connecting = true
    let failed = false
    try {
      const socket = await connect()
      if (socket.alpnProtocol === 'h2') {
        const seats = await openHttp2Session(socket, origin, { changed: tidy, refused: again })
        sessions.add(seats)
      } else {
        socket.destroy()
        plainUntil = now() + ASK_AGAIN_MS
        for (const { options, handler } of take()) fallback.dispatch(options, handler)
      }
    } catch (error) {
      failed = true
      if (sessions.size === 0)
        for (const { handler, controller } of take()) handler.onResponseError?.(controller, error as Error)
    }
    connecting = false
    // After a failure whoever waits beside other sessions is served by those.
    if (failed) checkFinished()
    else serve()
  }

  function take(): Http2Call[] {
    const calls = waiting
    waiting = []
    return calls
  }

  function again(call: Http2Call): void {
    waiting.unshift(call)
  }

  function tidy(): void {
    for (const seats of sessions) if (seats.isGone()) sessions.delete(seats)
    serve()
  }

  function checkFinished(): void {
    if (finished === undefined || connecting || waiting.length > 0) return
    if ([...sessions].every(({ running }) => running === 0)) finished()
  }

  return {
    dispatch(options, handler) {
      if (now() < plainUntil) return fallback.dispatch(options, handler)
      waiting.push(createHttp2Call(options, handler))
      serve()
      return true
    },
    async close() {
      const { promise, resolve } = Promise.withResolvers<void>()
      finished = resolve
      checkFinished()
      await promise
      for (const seats of sessions) seats.retire()
      await fallback.close()
    },
  }
}
