import type { ClientHttp2Stream } from 'node:http2'

export interface Http2Upload {
  /** Reads no further; what was read is not sent any more. */
  stop(): void
}

interface UploadEvents {
  onProgress: () => void
  onError: (error: Error) => void
}

/** Sends a request's body at the pace at which the upstream takes it. */
export function uploadBody(stream: ClientHttp2Stream, body: AsyncIterable<Buffer>, events: UploadEvents): Http2Upload {
  let stopped = false
  let wake: () => void = () => undefined
  const goOn = () => wake()
  stream.on('drain', goOn)
  stream.on('close', goOn)

  async function send(): Promise<void> {
    for await (const chunk of body) {
      if (stopped || stream.destroyed) return
      events.onProgress()
      if (stream.write(chunk)) continue
      const { promise, resolve } = Promise.withResolvers<void>()
      wake = resolve
      await promise
      if (stopped || stream.destroyed) return
    }
    stream.end()
  }
  send().catch((error: unknown) =>
    events.onError(error instanceof Error ? error : new Error('the body of the request broke off')),
  )

  return {
    stop() {
      stopped = true
      wake()
    },
  }
}
