/** A mail as its reader sees it. */
export interface CaughtMail {
  /** Addresses of the envelope, in lower case. */
  readonly to: readonly string[]
  readonly subject: string
  /** The plain text. */
  readonly text: string
  /** The first address in the text. @throws Error when there is none */
  link(): string
}

/** Reads a message (RFC 5322), the first text part of a multipart one (RFC 2046). */
export function readMail(to: readonly string[], source: string): CaughtMail {
  const { headers, body } = split(source)
  const text = textOf(headers, body)
  return {
    to,
    subject: decodeWords(headers.get('subject') ?? ''),
    text,
    link() {
      const [address] = /https?:\/\/[^\s"<>]+/.exec(text) ?? []
      if (address === undefined) throw new Error(`there is no link in: ${text}`)
      return address
    },
  }
}

function split(source: string): { headers: Map<string, string>; body: string } {
  const end = source.indexOf('\r\n\r\n')
  const head = (end < 0 ? source : source.slice(0, end)).replace(/\r\n[ \t]+/g, ' ')
  const pairs = head.split('\r\n').map((line) => {
    const at = line.indexOf(':')
    return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()] as const
  })
  return { headers: new Map(pairs), body: end < 0 ? '' : source.slice(end + 4) }
}

function textOf(headers: Map<string, string>, body: string): string {
  const type = headers.get('content-type') ?? 'text/plain'
  const boundary = /boundary="?([^";]+)"?/i.exec(type)?.[1]
  if (boundary === undefined) return decodeBody(body, headers.get('content-transfer-encoding') ?? '7bit')
  const parts = body.split(`--${boundary}`).map((part) => split(part.replace(/^\r\n/, '')))
  const plain = parts.find((part) => /^(text\/plain|multipart\/)/i.test(part.headers.get('content-type') ?? ''))
  return plain === undefined ? '' : textOf(plain.headers, plain.body)
}

function decodeBody(body: string, encoding: string): string {
  if (/base64/i.test(encoding)) return Buffer.from(body, 'base64').toString('utf8')
  if (!/quoted-printable/i.test(encoding)) return body
  return fromQuotedPrintable(body.replace(/=\r\n/g, ''))
}

const fromQuotedPrintable = (text: string) =>
  Buffer.from(
    text.replace(/=([0-9A-F]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8')

/** Encoded words of a header (RFC 2047). */
function decodeWords(text: string): string {
  return text.replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_all, kind: string, word: string) =>
    kind.toLowerCase() === 'b'
      ? Buffer.from(word, 'base64').toString('utf8')
      : fromQuotedPrintable(word.replace(/_/g, ' ')),
  )
}
