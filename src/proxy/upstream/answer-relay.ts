import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Dispatcher } from 'undici'
import { contextOf } from '../../platform/observability/request-context.ts'
import type { createResponseHeaders } from '../headers/response-headers.ts'
import type { HoldAnswer } from '../live/hold-answer.ts'
import { forwardingOf } from './forwarding.ts'
import { hasBody } from './request-body.ts'

export interface AnswerRelayParts {
  responseHeaders: ReturnType<typeof createResponseHeaders>
  time: (outcome: string, seconds: number) => void
  /** Called for answers that may last; ordinary ones go without. */
  holdAnswer: HoldAnswer
}

/**
 * Passes an upstream's answer on, chunk by chunk, with the client's pace as the upstream's pace. A plain object as
 * undici's handler: no stream and no abort controller for each request.
 */
export function createAnswerRelay({ responseHeaders, time, holdAnswer }: AnswerRelayParts) {
  return function relay(
    req: IncomingMessage,
    res: ServerResponse,
    onError: (error: Error) => void,
  ): Dispatcher.DispatchHandler {
    const started = performance.now()
    const context = contextOf(req)
    let answered = false
    let begun = false
    let length = -1
    let eventStream = false
    let watch: NodeJS.Timeout | undefined
    const settle = (outcome: string) => {
      if (answered) return
      answered = true
      holdAnswer.awaitsNoMore(req)
      time(outcome, (performance.now() - started) / 1000)
    }

    holdAnswer.awaits(req, res)

    /** The answer did not come in one piece. */
    const mayLast = () => {
      if (watch !== undefined) return
      watch = setTimeout(holdAnswer, eventStream ? 0 : LONG_MS, req, res, eventStream).unref()
    }

    return {
      onRequestStart(controller) {
        if (res.destroyed) giveUp(controller)
        // Bound on purpose: closures stored here outlived every minor garbage collection, at a sixth of the speed.
        else context.abort = giveUp.bind(undefined, controller)
      },
      onResponseStart(controller, statusCode, fields, statusMessage) {
        // Interim answers (100, 103) are between neighbours; the final one follows.
        if (statusCode < 200 || res.headersSent) return
        checkCoding(fields['transfer-encoding'])
        settle('ok')
        const { extras } = forwardingOf(req)
        extras.close = !req.complete && hasBody(req)
        const raw = textOf(controller.rawHeaders)
        const headers = responseHeaders(statusCode === 204 ? withoutLength(raw) : raw, extras)
        if (statusMessage === undefined || !REASON.test(statusMessage)) res.writeHead(statusCode, headers)
        else res.writeHead(statusCode, statusMessage, headers)
        length = Number(fields['content-length'] ?? -1)
        eventStream = isEventStream(fields['content-type'])
        // node:http keeps the fields back until there is a body; a stream may have none for long.
        if (fields['content-length'] === undefined)
          process.nextTick(() => {
            if (begun || res.destroyed) return
            // `flushHeaders` would write their Latin-1 as UTF-8.
            res.write('', 'latin1')
            mayLast()
          })
      },
      onResponseData(controller, chunk) {
        if (!begun && chunk.length === length && chunk.length <= ONE_WRITE_BYTES) {
          begun = true
          // Text joins the header in one buffer and one system call; bytes would be written beside it.
          res.end(chunk.toString('latin1'), 'latin1')
          return
        }
        begun = true
        mayLast()
        if (res.write(chunk) !== false) return
        controller.pause()
        res.once('drain', () => controller.resume())
      },
      onResponseEnd() {
        clearTimeout(watch)
        begun = true
        if (!res.writableEnded) res.end()
      },
      onResponseError(_controller, error) {
        clearTimeout(watch)
        settle(res.destroyed ? 'client-gone' : 'failed')
        // A body that broke off must not look whole: the client's connection breaks off too (RFC 9112 section 8).
        if (res.writableEnded) return
        if (res.headersSent) breakOff(req, res)
        else if (!res.destroyed) onError(error)
      },
    }
  }
}

/** Milliseconds after which an answer that still comes is tied to the life of its caller's sign-in. */
const LONG_MS = 1_000

function isEventStream(type: string | string[] | undefined): boolean {
  return typeof type === 'string' && /^text\/event-stream\b/i.test(type)
}

/** Names and values as they came, in Latin-1: undici's own record of them folds the names. */
function textOf(raw: Dispatcher.DispatchController['rawHeaders']): string[] {
  const text: string[] = []
  if (Array.isArray(raw)) for (const item of raw) text.push(typeof item === 'string' ? item : item.toString('latin1'))
  return text
}

/** A 204 has no length (RFC 9110 section 8.6). */
function withoutLength(raw: readonly string[]): string[] {
  return raw.filter((_, i) => raw[i - (i % 2)]?.toLowerCase() !== 'content-length')
}

/** Bytes up to which a body that came whole is answered in one go. */
const ONE_WRITE_BYTES = 16_384

/** A reason phrase that can be written as it came; undici reads it as UTF-8, node:http writes it as Latin-1. */
const REASON = /^[\t\x20-\x7e]+$/

/** What an upstream coded otherwise than in chunks nobody could read without its label, which goes no further than here. */
function checkCoding(coding: string | string[] | undefined): void {
  if (coding !== undefined && (typeof coding !== 'string' || coding.toLowerCase() !== 'chunked'))
    throw new Error('a transfer coding that was not asked for')
}

/** In HTTP/1.0 the end of the connection is the end of the answer, so only a reset tells that it is not whole. */
function breakOff(req: IncomingMessage, res: ServerResponse): void {
  if (req.httpVersionMinor === 0) tcpOf(res.socket)?.resetAndDestroy()
  res.destroy()
}

/** Behind TLS only the connection below can be reset; node:tls keeps it there and has no public name for it. */
function tcpOf(socket: (Socket & { _parent?: Socket | null }) | null): Socket | null {
  return socket?._parent ?? socket
}

function giveUp(controller: Dispatcher.DispatchController): void {
  controller.abort(new Error('the client has gone'))
}
