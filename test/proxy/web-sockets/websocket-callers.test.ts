import { expect } from 'chai'
import { the } from '../../support/the.ts'
import { startWebSocketWorld, type WebSocketWorld } from './websocket-world.ts'

const SPA = 'https://spa.example.com'
const K8S = 'base64url.bearer.authorization.k8s.io.'

describe('The caller of a WebSocket', () => {
  let world: WebSocketWorld
  let port: number
  before(async () => {
    world = await startWebSocketWorld({ ALLOWED_ORIGINS: SPA })
    port = world.gateway.port
  })
  after(() => world.stop())

  describe('from a page', () => {
    for (const origin of ['the own', SPA])
      it(`may come from ${origin} origin`, async () => {
        const session = await world.session()
        const socket = await world.open('/live', {
          headers: { ...session, Origin: origin === SPA ? SPA : session.Origin },
        })
        socket.ws.terminate()
      })

    const foreign = () => [
      'null',
      'https://evil.example',
      `https://localhost:${port}`,
      'http://localhost',
      `http://localhost:${port + 1}`,
      `http://localhost:${port}.evil.example`,
      `http://localhost:${port}/`,
      `http://LOCALHOST:${port}`,
      `http://127.0.0.1:${port}`,
      `http://evil.localhost:${port}`,
      `http://localhost:${port}@evil.example`,
      `http://localhost:${port}, https://evil.example`,
      'https://spa.example.com.evil.example',
      'http://spa.example.com',
      'https://spa.example.com:8443',
      'https://evilspa.example.com',
      '',
    ]
    it('of a foreign origin is refused on every route, signed in or not, whatever else it brings', async () => {
      const session = await world.session()
      for (const Origin of foreign())
        for (const [path, headers] of [
          ['/live', { ...session }],
          ['/live', {}],
          ['/live', world.bearer()],
          ['/people', { ...session, 'Sec-Fetch-Site': 'same-origin', 'X-CSRF': '1' }],
          ['/public', {}],
          ['/services', world.bearer()],
        ] as const) {
          const refusal = await world.refused(path, { headers: { ...headers, Origin } })
          expect(refusal.status, `${Origin} to ${path}`).to.equal(403)
          expect(refusal.body).to.contain('ORIGIN_NOT_ALLOWED')
        }
      expect(world.upstream.seen.filter(({ header }) => header('origin')?.includes('evil'))).to.deep.equal([])
    })

    it('that sends two origins is refused', async () => {
      const { Cookie, Origin } = await world.session()
      const refusal = await world.refused('/live', { headers: { Cookie, Origin: [Origin, Origin] } })
      expect(refusal.status).to.equal(403)
    })

    it('with its cookie but without an origin is refused, whether the cookie is good or not', async () => {
      const { Cookie } = await world.session()
      for (const cookie of [Cookie, 'cloakroom=s%3Aforged.signature'])
        expect((await world.refused('/live', { headers: { Cookie: cookie } })).status).to.equal(403)
    })
  })

  describe('is known', () => {
    it('by the session, and the upstream hears who it is and gets the token, never the cookie', async () => {
      const socket = await world.open('/live/x?y=1', { headers: await world.session() })
      const { header, names, target } = world.upstream.last()
      expect(target).to.equal('/live/x?y=1')
      expect(header('x-user-id')).to.equal(the.alice().sub)
      expect(header('authorization')).to.match(/^Bearer eyJ/)
      expect(names()).not.to.include('cookie')
      expect(header('x-forwarded-host')).to.equal(`localhost:${port}`)
      expect(header('host')).to.match(/^127\.0\.0\.1:/)
      socket.ws.terminate()
    })

    it('by a token in Authorization, from nowhere in particular', async () => {
      const socket = await world.open('/live', { headers: world.bearer() })
      expect(world.upstream.last().header('x-user-name')).to.equal('alice')
      socket.ws.terminate()
    })

    const token = () => world.bearer().Authorization.slice('Bearer '.length)
    const forms: Record<string, (token: string) => string> = {
      'bearer.': (text) => `bearer.${text}`,
      [K8S]: (text) => K8S + Buffer.from(text).toString('base64url'),
    }
    for (const [form, offer] of Object.entries(forms))
      it(`by a token among the subprotocols (${form}), which goes no further`, async () => {
        const secret = token()
        const socket = await world.open('/services', { protocols: ['chat.v1', offer(secret), 'chat.v2'] })
        expect(socket.protocol).to.equal('chat.v1')
        const { header, rawHeaders } = world.upstream.last()
        expect(header('sec-websocket-protocol')).to.equal('chat.v1,chat.v2')
        expect(header('authorization')).to.equal(`Bearer ${secret}`)
        const elsewhere = rawHeaders.filter((value) => !value.startsWith('Bearer ')).join(' ')
        for (const secretText of [secret, offer(secret)]) {
          expect(elsewhere).not.to.contain(secretText)
          expect(world.gateway.logText()).not.to.contain(secretText)
        }
        socket.ws.terminate()
      })

    it('by a bad token among the subprotocols not at all, and a good cookie beside it does not help', async () => {
      const session = await world.session()
      for (const offer of ['bearer.x', 'bearer.', `${K8S}x`, K8S, 'BEARER.eyJ.a.b', 'base64url.bearer.other.eyJ'])
        for (const headers of [{}, session]) {
          const refusal = await world.refused('/live', {
            headers: headers as Record<string, string>,
            protocols: ['chat', offer],
          })
          expect(refusal.status, offer).to.equal(401)
          expect(refusal.body).to.contain('TOKEN_INVALID')
        }
    })

    const unclear: readonly (readonly [what: string, headers: () => Record<string, string>, offers: () => string[]])[] =
      [
        ['a token and no real subprotocol', () => ({}), () => [`bearer.${token()}`]],
        ['two tokens', () => ({}), () => ['chat', 'bearer.a.b.c', `bearer.${token()}`]],
        ['two tokens in two forms', () => ({}), () => ['chat', `${K8S}abc`, `bearer.${token()}`]],
        ['a token in each place', () => world.bearer(), () => ['chat', `bearer.${token()}`]],
      ]
    for (const [what, headers, offers] of unclear)
      it(`is not, when it brings ${what}: 400`, async () => {
        const refusal = await world.refused('/services', { headers: headers(), protocols: offers() })
        expect(refusal.status).to.equal(400)
        expect(refusal.body).to.contain('WEBSOCKET_HANDSHAKE_INVALID')
      })

    it('only in a way that the route accepts', async () => {
      const session = await world.session()
      expect((await world.refused('/people', { headers: world.bearer() })).status).to.equal(401)
      expect((await world.refused('/people', { protocols: ['chat', `bearer.${token()}`] })).status).to.equal(401)
      expect((await world.refused('/services', { headers: session })).status).to.equal(401)
      expect((await world.refused(`/services?access_token=${token()}`, { headers: session })).status).to.equal(400)
    })

    it('or not, where nobody has to be: then no credential goes upstream', async () => {
      const socket = await world.open('/public', {
        headers: world.bearer(),
        protocols: ['chat', 'bearer.not.looked.at'],
      })
      const { names, header } = world.upstream.last()
      expect(names()).not.to.include.members(['authorization'])
      expect(header('sec-websocket-protocol')).to.equal('chat')
      expect(names().filter((name) => name.startsWith('x-user'))).to.deep.equal([])
      socket.ws.terminate()
    })
  })
})
