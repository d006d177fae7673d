export const PEOPLE = ['alice', 'bob'] as const
export type Who = (typeof PEOPLE)[number]

/** What became of a credential on its way; only `as it is` may open anything. */
export interface Change {
  kind: 'as it is' | 'flip' | 'cut' | 'append' | 'quote' | 'upper'
  at: number
  text: string
}

export interface FuzzCookie {
  who: Who
  name: string
  change: Change
  /** Where there are two, nobody can tell which is meant. */
  twice: boolean
}

export interface FuzzBearer {
  who: Who
  scheme: string
  change: Change
  twice: boolean
}

export type FuzzBody =
  | { kind: 'none' }
  | { kind: 'length'; text: string }
  | { kind: 'chunks'; texts: string[]; extension: string; trailers: [string, string][] }
  /** The framing says what it likes. */
  | { kind: 'liar'; fields: string[]; text: string; off: number }

/** One request in symbols, so that it means the same in another run: secrets and addresses come in when it is written. */
export interface FuzzRequest {
  method: string
  target: string
  version: string
  host: string
  cookie: FuzzCookie | null
  /** Other cookies beside it, as text. */
  otherCookies: string
  bearer: FuzzBearer | null
  fields: [name: string, value: string][]
  /** Lines of the head that no client should send, with their own line ends. */
  ugly: string[]
  body: FuzzBody
  /** The bytes that the upstream is to answer with, instead of an echo. */
  answer: string | null
}

/** One connection from its first byte to its end. */
export interface Conversation {
  requests: FuzzRequest[]
  /** Where the bytes are cut into pieces, as parts of a thousand. */
  cuts: number[]
  /** Whether the client waits for the end, or is gone in the middle. */
  leaves: 'at the end' | 'in the middle'
  /** What is sent once the last request has become a WebSocket; in latin1. */
  frames: string[]
}

/** Whether there is only one way to read a request and to find its end; then its answer is known by its place. */
export function isClear({ method, target, version, host, ugly, body, fields }: FuzzRequest): boolean {
  const size = fields.reduce((sum, [name, value]) => sum + name.length + value.length + 4, target.length)
  return (
    ugly.length === 0 &&
    body.kind !== 'liar' &&
    !(body.kind === 'chunks' && body.trailers.some(([name]) => name === 'Content-Length')) &&
    /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/.test(method) &&
    /^\/[\x21\x22\x24-\x7e]*$/.test(target) &&
    version === 'HTTP/1.1' &&
    host === '{host}' &&
    size < 8_000 &&
    fields.length < 100
  )
}
