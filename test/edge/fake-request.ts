import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'

export interface FakeRequest {
  method?: string
  url?: string
  /** Name to value; a list means that the field came several times. */
  headers?: Record<string, string | readonly string[] | undefined>
  /** The direct peer. */
  peer?: string
  version?: '0.9' | '1.0' | '1.1'
}

/** A request as node:http hands it over, made by node:http's own rules for repeated fields. */
export function fakeRequest({ method = 'GET', url = '/', headers = {}, peer, version = '1.1' }: FakeRequest = {}) {
  const socket = new Socket()
  if (peer !== undefined) Object.defineProperty(socket, 'remoteAddress', { value: peer })
  const req = new IncomingMessage(socket)
  req.method = method
  req.url = url
  req.httpVersion = version
  req.httpVersionMajor = Number(version[0])
  req.httpVersionMinor = Number(version[2])
  const flat = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().flatMap((one) => [name, one]),
  )
  const { _addHeaderLines } = req as unknown as { _addHeaderLines: (lines: string[], count: number) => void }
  _addHeaderLines.call(req, flat, flat.length)
  return req
}
