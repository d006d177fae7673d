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
}

/** One plain HTTP request to this machine, without redirects and without a kept connection. */
export async function ask({ port, path, method = 'GET', headers = {} }: Question): Promise<Answer> {
  const outgoing = request({ host: '127.0.0.1', port, path, method, headers, agent: false })
  outgoing.end()
  const [incoming] = await once(outgoing, 'response')
  return { status: incoming.statusCode, headers: incoming.headers, body: await text(incoming) }
}
