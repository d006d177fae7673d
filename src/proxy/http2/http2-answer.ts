import { type ClientHttp2Stream, constants, type IncomingHttpHeaders } from 'node:http2'
import type { Http2Call } from './http2-call.ts'

export interface AnswerEvents {
  begun(): void
  progress(): void
  whole(): void
  broken(error: Error): void
  /** Nobody waits for the answer any more. */
  isOver(): boolean
}

type Fields = IncomingHttpHeaders & { ':status'?: number }

/** Tells the handler of a call what comes on its stream. Interim answers and trailers go no further than here. */
export function readHttp2Answer(stream: ClientHttp2Stream, call: Http2Call, events: AnswerEvents): void {
  const { options, handler, controller } = call
  let answered = false
  let received = 0
  let length: number | undefined

  function tell(step: () => void): void {
    if (events.isOver()) return
    try {
      step()
    } catch (error) {
      events.broken(error instanceof Error ? error : new Error('the answer could not be passed on'))
    }
  }

  stream.on('response', (fields: Fields, _flags: number, raw: string[]) => {
    answered = true
    length = lengthOf(fields, options.method)
    controller.rawHeaders = withoutPseudo(raw)
    events.begun()
    tell(() => handler.onResponseStart?.(controller, Number(fields[':status']), fields))
    stream.on('data', (chunk: Buffer) => {
      received += chunk.length
      events.progress()
      tell(() => handler.onResponseData?.(controller, chunk))
    })
    if (controller.paused) stream.pause()
  })
  stream.on('end', () => {
    const isWhole = answered && stream.rstCode === constants.NGHTTP2_NO_ERROR && (length ?? received) === received
    if (isWhole) events.whole()
    else events.broken(brokenOff(stream))
  })
}

/** What is said when a stream ends before its answer does. */
export function brokenOff({ rstCode }: ClientHttp2Stream): Error {
  return Object.assign(new Error(`the stream was closed before the answer was whole (code ${rstCode})`), {
    code: 'ERR_HTTP2_STREAM_CANCEL',
  })
}

/** Bytes that the body has to have. The answers to HEAD and 304 say how long another answer would be. */
function lengthOf(fields: Fields, method: string): number | undefined {
  const length = fields['content-length']
  return length === undefined || method === 'HEAD' || fields[':status'] === 304 ? undefined : Number(length)
}

function withoutPseudo(raw: readonly string[]): string[] {
  return raw.filter((_, i) => raw[i - (i % 2)]?.startsWith(':') === false)
}
