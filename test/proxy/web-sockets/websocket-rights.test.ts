import { expect } from 'chai'
import { the } from '../../support/the.ts'
import { startWebSocketWorld, type WebSocketWorld } from './websocket-world.ts'

describe('The caller of a WebSocket, once known,', () => {
  let world: WebSocketWorld
  before(async () => {
    world = await startWebSocketWorld()
  })
  after(() => world.stop())

  describe('needs the rights of the route', () => {
    it('and is told 403 without them', async () => {
      for (const headers of [await world.session(), world.bearer()]) {
        const refusal = await world.refused('/live/staff', { headers })
        expect(refusal.status).to.equal(403)
        expect(refusal.body).to.contain('INSUFFICIENT_PERMISSIONS')
      }
      const socket = await world.open('/live/staff', { headers: world.bearer(the.bob()) })
      socket.ws.terminate()
    })

    it('and gets no token upstream where the route says so', async () => {
      const socket = await world.open('/tokenless', { headers: world.bearer() })
      expect(world.upstream.last().names()).to.include('x-user-id').and.not.include('authorization')
      socket.ws.terminate()
    })
  })

  it('cannot forge what only the gateway says', async () => {
    const forged = {
      'X-User-Id': 'root',
      x_user_id: 'root',
      'X-Forwarded-For': '6.6.6.6',
      'Proxy-Authorization': 'x',
      Connection: 'Upgrade, X-User-Name, Authorization',
      TE: 'trailers',
    }
    const socket = await world.open('/live', { headers: { ...forged, ...world.bearer() } })
    const { header, names } = world.upstream.last()
    expect(header('x-user-id')).to.equal(the.alice().sub)
    expect(header('x-user-name')).to.equal('alice')
    expect(header('x-forwarded-for')).to.equal('127.0.0.1')
    expect(header('connection')).to.equal('Upgrade')
    expect(names()).not.to.include.members(['x_user_id'])
    expect(names()).not.to.include.members(['te'])
    expect(names()).not.to.include.members(['proxy-authorization'])
    socket.ws.terminate()
  })
})
