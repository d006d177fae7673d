import { once } from 'node:events'
import { type IncomingHttpHeaders, request } from 'node:http'
import { text } from 'node:stream/consumers'

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

export interface Question {
  port: number
  /** Sent byte for byte: `fetch` would tidy it up. */
  path: string
  method?: string
  headers?: Record<string, string>
  /** A form. */
  form?: URLSearchParams
}

/** One plain HTTP request to this machine, without redirects and without a kept connection. */
export async function ask({ port, path, method = 'GET', headers = {}, form }: Question): Promise<Answer> {
  const type = form === undefined ? {} : { 'Content-Type': 'application/x-www-form-urlencoded' }
  const outgoing = request({ host: '127.0.0.1', port, path, method, headers: { ...headers, ...type }, agent: false })
  outgoing.end(form?.toString())
  const [incoming] = await once(outgoing, 'response')
  return { status: incoming.statusCode, headers: incoming.headers, body: await text(incoming) }
}
