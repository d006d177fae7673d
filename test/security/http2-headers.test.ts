import { expect } from 'chai'
import fc from 'fast-check'
import { type Http2World, startHttp2World } from '../proxy/http2/http2-world.ts'
import type { SeenRequest } from '../support/echo-upstream.ts'
import { ordinaryNames, reservedNames, spelled } from './header-tables.ts'

/** They differ in any two requests, or say how a connection goes on, which HTTP/2 never does. */
const OF_THE_REQUEST = new Set(['x-request-id', 'traceparent', 'connection'])

const name = fc.oneof(
  fc.constantFrom(...reservedNames).chain(spelled),
  fc.constantFrom(...ordinaryNames).chain(spelled),
  fc.constantFrom(
    'Cookie',
    'cookie',
    'TE',
    'Trailer',
    'Priority',
    'Upgrade',
    'HTTP2-Settings',
    'Keep-Alive',
    'Proxy-Connection',
  ),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    'x!#$',
    'Transfer_Encoding',
    'Content_Length',
    'Host_',
    'authority',
  ),
)
const value = fc.oneof(
  fc.constantFrom('', 'trailers', 'chunked', 'a=1; b=2', ':path: /x', 'caf\xe9', '\xff', 'a,b', 'a\tb', '1, 2'),
  fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)), maxLength: 30 }),
)
const fields = fc.array(fc.tuple(name, value), { maxLength: 12 })

function told(seen: SeenRequest): string[] {
  const pairs: string[] = []
  for (let i = 0; i < seen.rawHeaders.length; i += 2) {
    const lower = seen.rawHeaders[i]?.toLowerCase() ?? ''
    if (!OF_THE_REQUEST.has(lower)) pairs.push(`${lower}: ${seen.rawHeaders[i + 1]}`)
  }
  return pairs.sort()
}

describe('An upstream sees the same request in HTTP/1.1 and in HTTP/2', () => {
  let world: Http2World
  before(async () => {
    world = await startHttp2World()
  })
  after(() => world.stop())

  async function ask(
    target: string,
    headers: [string, string][],
    body: string | undefined,
  ): Promise<string[] | number> {
    const lines = headers.map(([key, text]) => `${key}: ${text}\r\n`).join('')
    const length = body === undefined ? '' : `Content-Length: ${body.length}\r\n`
    const host = `Host: localhost:${world.gateway.port}\r\n`
    world.upstream.forget()
    const method = body === undefined ? 'GET' : 'POST'
    const { status } = await world.client.ask(
      `${method} ${target} HTTP/1.1\r\n${host}${length}${lines}\r\n${body ?? ''}`,
    )
    return world.upstream.seen.length === 0 ? status : told(world.upstream.last())
  }

  it('whatever a client sends', () =>
    fc.assert(
      fc.asyncProperty(fields, fc.option(fc.constantFrom('', 'text'), { nil: undefined }), async (headers, body) => {
        const one = await ask('/one/a?b=c', headers, body)
        const two = await ask('/two/a?b=c', headers, body)
        expect(Array.isArray(two) ? two.map((line) => line.replace('/two', '/one')) : two).to.deep.equal(one)
      }),
      { numRuns: 150 },
    ))

  it('and nobody else is disturbed by a request that cannot be sent', async () => {
    let finish: () => void = () => undefined
    world.upstream.on('/two/long', (_seen, res) => {
      res.writeHead(200).write('begun ')
      finish = () => void res.end('ended')
    })
    const beside = await world.client.connect()
    beside.send({ target: '/two/long' })
    await beside.until('begun ')
    for (const headers of [
      { 'Content-Type': ['a', 'b'] },
      { 'User-Agent': ['a', 'b'], 'user-agent': 'c' },
      { 'If-None-Match': ['a', 'b'], Range: ['x', 'y'] },
      { TE: 'gzip', Connection: 'te, upgrade', Upgrade: 'h2c', 'HTTP2-Settings': 'AAMAAABkAARAAAAAAAIAAAAA' },
      Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`x-${n}`, 'y'])),
    ])
      expect((await world.client.ask({ target: '/two', headers })).status).to.be.oneOf([200, 431, 502])
    finish()
    await beside.until('ended')
    beside.destroy()
  })
})
