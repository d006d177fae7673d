import type { Log } from './log.ts'
import { redactText } from './redact.ts'
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
      waiting += line(context, status, milliseconds)
      if (waiting.length > FLUSH_BYTES) flush()
      else timer ??= setTimeout(flush, FLUSH_MS).unref()
    },
    flush,
  }
}

function line(context: RequestContext, status: number, milliseconds: number): string {
  const { requestId, method, path, route, clientAddress, subject, authMethod, refusal } = context
  const who = subject === undefined ? '' : `,"subject":${quote(subject)},"authMethod":"${authMethod}"`
  const why = refusal === undefined ? '' : `,"refusal":"${refusal}"`
  return `{"level":"info","message":"request","timestamp":"${timestamp()}","correlationId":"${requestId}","method":${quote(method)},"path":${quote(path)},"route":"${route}","status":${status},"ms":${milliseconds.toFixed(1)},"client":"${clientAddress}"${who}${why}}\n`
}

// A canonical path is visible ASCII; anything else came before canonicalisation and is cleaned the slow way.
const PLAIN = /^[\w/.~:@!$&()*+,=%-]{0,512}$/
const LONG_SECRET = /[\w-]{40,}/

function quote(text: string): string {
  return PLAIN.test(text) && !LONG_SECRET.test(text) ? `"${text}"` : JSON.stringify(redactText(text).slice(0, 512))
}

let stamped = 0
let stamp = ''
function timestamp(): string {
  const now = Date.now()
  if (now - stamped >= 10) {
    stamped = now
    stamp = new Date(now).toISOString()
  }
  return stamp
}
