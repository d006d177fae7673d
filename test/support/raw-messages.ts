/** A request to be written down byte by byte; nothing in it is checked or normalised. */
export interface RawRequest {
  method?: string
  target?: string
  version?: string
  /** Beside `Host`, which is the gateway's own unless given here; a list is sent as several fields, undefined not at all. */
  headers?: Record<string, string | readonly string[] | undefined>
  /** Sent with a length. */
  body?: string | Buffer
  /** Sent chunked, one chunk each, and ended. */
  chunks?: readonly string[]
}

export interface RawHead {
  readonly statusLine: string
  readonly status: number
  /** Names as they came, in their order. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** Statuses of the interim answers that came before. */
  readonly interim: readonly number[]
  /** All values of a field joined, or undefined. */
  header(name: string): string | undefined
  values(name: string): string[]
}

export interface RawAnswer extends RawHead {
  readonly body: Buffer
  text(): string
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever was sent
  json(): any
}

/** What goes over the wire, in latin1. */
export function composeRequest(host: string, request: RawRequest): Buffer {
  const { method = 'GET', target = '/', version = 'HTTP/1.1', headers = {}, body, chunks } = request
  const fields: RawRequest['headers'] = {
    Host: host,
    ...(body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }),
    ...(chunks === undefined ? {} : { 'Transfer-Encoding': 'chunked' }),
    ...headers,
  }
  const lines = Object.entries(fields).flatMap(([name, value]) =>
    (value === undefined ? [] : [value].flat()).map((one) => `${name}: ${one}\r\n`),
  )
  return Buffer.concat([
    Buffer.from(`${method} ${target} ${version}\r\n${lines.join('')}\r\n`, 'latin1'),
    Buffer.from(body ?? ''),
    Buffer.from(chunks === undefined ? '' : `${chunks.map(asChunk).join('')}0\r\n\r\n`, 'latin1'),
  ])
}

/** One chunk of the chunked coding (RFC 9112 section 7.1). */
export function asChunk(text: string): string {
  return `${Buffer.byteLength(text, 'latin1').toString(16)}\r\n${text}\r\n`
}

export function parseHead(text: string, interim: readonly number[]): RawHead {
  const [statusLine = '', ...lines] = text.split('\r\n').filter((line) => line !== '')
  const headers = lines.map((line) => {
    const at = line.indexOf(':')
    return [line.slice(0, at), line.slice(at + 1).trim()] as const
  })
  const values = (name: string) =>
    headers.filter(([found]) => found.toLowerCase() === name.toLowerCase()).map(([, value]) => value)
  const header = (name: string) => (values(name).length === 0 ? undefined : values(name).join(', '))
  return { statusLine, status: Number(statusLine.split(' ')[1]), headers, interim: [...interim], header, values }
}
