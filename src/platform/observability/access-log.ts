import type { Log } from './log.ts'
import { redactText } from './redact-text.ts'
import type { RequestContext } from './request-context.ts'

export interface AccessLog {
  record(context: RequestContext, status: number, milliseconds: number): void
  /** Writes what is waiting; called when the process ends. */
  flush(): void
}

const FLUSH_BYTES = 16_384
const FLUSH_MS = 50

/** One finished JSON line a request, written in batches: a winston call for each would cost a quarter of the speed. */
export function createAccessLog(log: Log): AccessLog {
  let waiting = ''
  let timer: NodeJS.Timeout | undefined
  const timestamp = createTimestamp()

  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    if (waiting === '') return
    const lines = waiting
    waiting = ''
    log.writeRaw(lines)
  }

  return {
    record(context, status, milliseconds) {
      waiting += line(context, status, milliseconds, timestamp())
      if (waiting.length > FLUSH_BYTES) flush()
      else timer ??= setTimeout(flush, FLUSH_MS).unref()
    },
    flush,
  }
}

function line(context: RequestContext, status: number, milliseconds: number, timestamp: string): string {
  const { requestId, method, path, route, clientAddress, subject, authMethod, refusal, socket } = context
  const who = subject === undefined ? '' : `,"subject":${quote(subject)},"authMethod":"${authMethod}"`
  const why = refusal === undefined ? '' : `,"refusal":"${refusal}"`
  const carried =
    socket === undefined
      ? ''
      : `,"closeCode":${socket.code},"messagesIn":${socket.messages.in},"messagesOut":${socket.messages.out},"bytesIn":${socket.bytes.in},"bytesOut":${socket.bytes.out}`
  return `{"level":"info","message":"request","timestamp":"${timestamp}","correlationId":"${requestId}","method":${quote(method)},"path":${quote(path)},"route":"${route}","status":${status},"ms":${milliseconds.toFixed(1)},"client":"${clientAddress}"${who}${why}${carried}}\n`
}

// A canonical path is visible ASCII; anything else came before canonicalisation and is cleaned the slow way.
const PLAIN = /^[\w/.~:@!$&()*+,%-]{0,512}$/
const LONG_SECRET_LENGTH = 40
const LONG_SECRET = new RegExp(`[\\w-]{${LONG_SECRET_LENGTH},}`)

function quote(text: string): string {
  return PLAIN.test(text) && !perhapsSecret(text) ? `"${text}"` : JSON.stringify(redactText(text).slice(0, 512))
}

/** Most texts are shorter than any long secret; looking for one in them is what a line would cost most. */
function perhapsSecret(text: string): boolean {
  return text.includes('eyJ') || (text.length >= LONG_SECRET_LENGTH && LONG_SECRET.test(text))
}

/** The date as text, made anew every 10 ms at most: making it for each line would show in the speed. */
function createTimestamp(): () => string {
  let stampedAt = 0
  let stamp = ''
  return function timestamp() {
    const now = Date.now()
    if (now - stampedAt >= 10 || now < stampedAt) {
      stampedAt = now
      stamp = new Date(now).toISOString()
    }
    return stamp
  }
}
