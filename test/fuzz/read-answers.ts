import { parseHead, type RawHead } from '../support/raw-messages.ts'

export interface FuzzAnswer extends RawHead {
  body: string
  /** Whether it came to its end. */
  whole: boolean
}

/**
 * The answers on a connection, in their order (RFC 9112 section 6.3).
 * @param methods of the requests, as far as they are sure
 */
export function readAnswers(bytes: Buffer, methods: readonly string[]): { answers: FuzzAnswer[]; rest: string } {
  let text = bytes.toString('latin1')
  const answers: FuzzAnswer[] = []
  while (text !== '') {
    const end = text.indexOf('\r\n\r\n')
    if (end < 0 || !text.startsWith('HTTP/1.1 ')) break
    const head = parseHead(text.slice(0, end + 4), [])
    text = text.slice(end + 4)
    if (head.status >= 100 && head.status < 200 && head.status !== 101) continue
    const { body, length } = bodyOf(head, text, methods[answers.length] ?? 'GET')
    answers.push({ ...head, body, whole: length <= text.length })
    text = text.slice(length)
    if (head.status === 101) break
  }
  return { answers, rest: text }
}

function bodyOf(head: RawHead, text: string, method: string): { body: string; length: number } {
  if (method === 'HEAD' || [101, 204, 304].includes(head.status)) return { body: '', length: 0 }
  if (head.header('transfer-encoding') !== undefined) return chunkedBody(text)
  const length = head.header('content-length')
  if (length === undefined) return { body: text, length: text.length }
  return { body: text.slice(0, Number(length)), length: Number(length) }
}

function chunkedBody(text: string): { body: string; length: number } {
  let at = 0
  let body = ''
  for (;;) {
    const line = text.indexOf('\r\n', at)
    const size = Number.parseInt(text.slice(at, line), 16)
    if (line < 0 || Number.isNaN(size)) return { body, length: Number.POSITIVE_INFINITY }
    body += text.slice(line + 2, line + 2 + size)
    at = line + 2 + size + 2
    if (size === 0) return { body, length: at }
  }
}
