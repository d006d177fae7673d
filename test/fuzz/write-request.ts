import type { Change, FuzzBody, FuzzRequest, Who } from './fuzz-case.ts'

/** What symbols stand for in one run. */
export interface Meaning {
  host: string
  sessions: Record<Who, string>
  bearers: Record<Who, string>
}

/** The bytes of a request. Its number is in the query, where nothing may be changed on the way. */
export function writeRequest(request: FuzzRequest, number: number, meaning: Meaning): Buffer {
  const { method, target, version, host, ugly, fields, answer } = request
  const fill = filler(number, meaning)
  const body = filled(request.body, fill)
  const lines = [
    `${method} ${numbered(target, String(number))} ${version}`,
    ...(host === '' ? [] : [`Host: ${host}`]),
    ...cookieLine(request, meaning),
    ...authorizationLines(request, meaning),
    ...(answer === null ? [] : [`X-Answer: ${Buffer.from(answer, 'latin1').toString('base64')}`]),
    ...fields.map(([name, value]) => `${name}: ${value}`),
    ...framingOf(body),
  ]
  const head = fill(`${lines.join('\r\n')}\r\n${ugly.join('')}\r\n`)
  return Buffer.from(head + payloadOf(body), 'latin1')
}

/** What a request of this framing brings to who reads it; undefined where that is not sure. */
export function bodyOf({ body }: FuzzRequest, number: number, meaning: Meaning): string | undefined {
  const fill = filler(number, meaning)
  if (body.kind === 'liar') return undefined
  if (body.kind === 'none') return ''
  return fill(body.kind === 'length' ? body.text : body.texts.join(''))
}

function filler(number: number, { host, bearers, sessions }: Meaning): (text: string) => string {
  const symbols: Record<string, string> = {
    '{host}': host,
    '{origin}': `http://${host}`,
    '{alice}': bearers.alice,
    '{bob}': bearers.bob,
    '{session}': sessions.bob,
    '{number}': String(number),
  }
  return (text) => text.replace(/\{(?:host|origin|alice|bob|session|number)\}/g, (symbol) => symbols[symbol] ?? symbol)
}

function filled(body: FuzzBody, fill: (text: string) => string): FuzzBody {
  if (body.kind === 'none') return body
  return body.kind === 'chunks' ? { ...body, texts: body.texts.map(fill) } : { ...body, text: fill(body.text) }
}

function numbered(target: string, number: string): string {
  if (target === '*' || target === '') return target
  return `${target}${target.includes('?') ? '&' : '?'}fz=${number}`
}

function cookieLine({ cookie, otherCookies }: FuzzRequest, { sessions }: Meaning): string[] {
  const own = cookie === null ? [] : [`${cookie.name}=${changed(sessions[cookie.who], cookie.change)}`]
  const all = [...own, ...(otherCookies === '' ? [] : [otherCookies]), ...(cookie?.twice ? own : [])]
  return all.length === 0 ? [] : [`Cookie: ${all.join('; ')}`]
}

function authorizationLines({ bearer }: FuzzRequest, { bearers }: Meaning): string[] {
  if (bearer === null) return []
  const line = `Authorization: ${bearer.scheme} ${changed(bearers[bearer.who], bearer.change)}`
  return bearer.twice ? [line, line] : [line]
}

function changed(text: string, { kind, at, text: more }: Change): string {
  const index = at % text.length
  if (kind === 'flip') return text.slice(0, index) + (text[index] === 'a' ? 'b' : 'a') + text.slice(index + 1)
  if (kind === 'cut') return text.slice(0, index)
  if (kind === 'append') return text + more
  if (kind === 'quote') return `"${text}"`
  return kind === 'upper' ? text.toUpperCase() : text
}

function framingOf(body: FuzzBody): string[] {
  if (body.kind === 'none') return []
  if (body.kind === 'length') return [`Content-Length: ${body.text.length}`]
  if (body.kind === 'liar')
    return body.fields.map((line) => line.replace('{size}', String(Math.max(0, body.text.length + body.off))))
  const names = body.trailers.map(([name]) => name)
  return ['Transfer-Encoding: chunked', ...(names.length === 0 ? [] : [`Trailer: ${names.join(', ')}`])]
}

function payloadOf(body: FuzzBody): string {
  if (body.kind === 'none') return ''
  if (body.kind !== 'chunks') return body.text
  const chunks = body.texts
    .filter((text) => text !== '')
    .map((text) => `${text.length.toString(16)}${body.extension}\r\n${text}\r\n`)
  const trailers = body.trailers.map(([name, value]) => `${name}: ${value}\r\n`)
  return `${chunks.join('')}0\r\n${trailers.join('')}\r\n`
}
