import { expect } from 'chai'
import { startWebSocketWorld, type WebSocketWorld } from './websocket-world.ts'

describe('Fields of a handshake in a request that is none', () => {
  let world: WebSocketWorld
  before(async () => {
    world = await startWebSocketWorld()
  })
  after(() => world.stop())

  for (const [what, upgrade] of [
    ['without an upgrade', undefined],
    ['with an upgrade to something else', 'h2c'],
  ] as const)
    for (const name of ['Sec-WebSocket-Protocol', 'sec-websocket-protocol', 'Sec_WebSocket_Protocol'])
      for (const target of ['/live/plain', '/public/plain'])
        it(`go no further, because a token may be among them: ${name} at ${target}, ${what}`, async () => {
          const names: string[] = []
          world.upstream.plainly(target, (req, res) => {
            names.push(...Object.keys(req.headers))
            res.end('plain')
          })
          const [token] = world.bearer().Authorization.split(' ').slice(1)
          const fields = {
            ...(await world.session()),
            [name]: `bearer.${token}, chat`,
            'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
            'Sec-WebSocket-Version': '13',
            ...(upgrade === undefined ? {} : { Upgrade: upgrade, Connection: 'Upgrade' }),
          }
          expect((await world.client.ask({ target, headers: fields })).status).to.equal(200)
          expect(names).to.include('x-request-id')
          expect(names.filter((seen) => /^sec.websocket/.test(seen))).to.deep.equal([])
        })
})
