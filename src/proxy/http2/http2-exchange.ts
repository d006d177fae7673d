import { type ClientHttp2Session, type ClientHttp2Stream, constants, sensitiveHeaders } from 'node:http2'
import { errors } from 'undici'
import { brokenOff, readHttp2Answer } from './http2-answer.ts'
import { type Http2Call, http2Fields } from './http2-call.ts'
import { type Http2Upload, uploadBody } from './http2-upload.ts'

export interface ExchangeEvents {
  /** The stream is gone and its place is free. */
  over(): void
  /** The upstream says that it has not looked at the request, and it may be sent again. */
  refused(call: Http2Call): void
  /** No answer came in time: is anybody there at all? */
  silent(): void
}

/** Without a body a request is whole again; with another method than these it might be done twice all the same. */
const REPEATABLE = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])

/** Never put into the table of fields that the connection remembers (RFC 7541 section 7.1.3). */
const NEVER_INDEXED = ['authorization', 'cookie']

/**
 * One request and its answer on one stream.
 * @throws what `session.request` throws; then nothing has been sent and nobody has been told anything
 */
export function exchangeOverHttp2(
  session: ClientHttp2Session,
  origin: URL,
  call: Http2Call,
  events: ExchangeEvents,
): void {
  const { options, handler, controller } = call
  const gone = new AbortController()
  const fields = Object.assign(http2Fields(options, origin), { [sensitiveHeaders]: NEVER_INDEXED })
  const stream = session.request(fields, { endStream: options.body === null, signal: gone.signal })
  let settled = false
  let answered = false
  let upload: Http2Upload | undefined

  const settle = (): boolean => {
    if (settled) return false
    settled = true
    deadline.stop()
    controller.attach(undefined)
    upload?.stop()
    // By abortion, not by `close`: that would end the request's body first, and half of a body must not look whole. The
    // upstream needs no more of it than it has taken when it has answered (RFC 9113 section 8.1).
    if (!stream.destroyed && !(stream.writableEnded && stream.readableEnded)) gone.abort()
    return true
  }
  const fail = (error: Error) => {
    if (settle()) handler.onResponseError?.(controller, error)
  }
  const deadline = createDeadline(options.headersTimeout ?? 0, () => {
    if (controller.paused) return deadline.refresh()
    fail(answered ? new errors.BodyTimeoutError() : new errors.HeadersTimeoutError())
    if (!answered) events.silent()
  })

  controller.attach({ pause: () => void stream.pause(), resume: () => void stream.resume(), abort: fail })
  readHttp2Answer(stream, call, {
    begun() {
      answered = true
      if (!settled) deadline.set(options.bodyTimeout ?? 0)
    },
    progress: deadline.refresh,
    whole: () => void (settle() && handler.onResponseEnd?.(controller, {})),
    broken: fail,
    isOver: () => settled,
  })
  stream.on('error', (error) => {
    if (!answered && mayRepeat(stream, call) && settle()) {
      call.repeated = true
      events.refused(call)
    } else fail(error)
  })
  stream.on('close', () => {
    fail(brokenOff(stream))
    events.over()
  })
  if (options.body !== null && options.body !== undefined)
    upload = uploadBody(stream, options.body as AsyncIterable<Buffer>, { onProgress: deadline.refresh, onError: fail })
}

/** Only what the upstream has refused to look at (RFC 9113 section 8.7), only whole, and only once. */
function mayRepeat({ rstCode }: ClientHttp2Stream, { options, repeated }: Http2Call): boolean {
  const refused = rstCode === constants.NGHTTP2_REFUSED_STREAM
  return refused && !repeated && options.body === null && REPEATABLE.has(options.method)
}

function createDeadline(ms: number, onLate: () => void) {
  let timer = setTimeout(onLate, ms)
  let stopped = false
  return {
    refresh() {
      if (!stopped) timer.refresh()
    },
    set(later: number) {
      clearTimeout(timer)
      timer = setTimeout(onLate, later)
    },
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}
