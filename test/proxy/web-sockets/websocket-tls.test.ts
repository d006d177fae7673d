import { expect } from 'chai'
import { createAuthority } from '../../support/certificates.ts'
import { startGateway } from '../../support/gateway.ts'
import { openSocket, refusedSocket } from '../../support/socket-client.ts'
import { startSocketUpstream } from '../../support/socket-upstream.ts'
import { temporaryFiles } from '../../support/temporary-files.ts'

const authority = createAuthority()

describe('A WebSocket towards an upstream behind TLS', () => {
  it('is opened with the authority, the name and the client certificate of its route, and refused without', async () => {
    const files = temporaryFiles()
    const upstream = await startSocketUpstream({
      tls: { ...authority.issue(), ca: authority.cert, requestCert: true, rejectUnauthorized: true },
    })
    const [ca, { cert, key }] = [files.write('ca.pem', authority.cert), authority.issue({ name: 'socket' })]
    const own = { cert: files.write('own.crt', cert), key: files.write('own.key', key) }
    const route = { upstream: upstream.origin, auth: 'none', websocket: true, http2: true }
    const gateway = await startGateway({
      routes: [
        { ...route, id: 'good', path: '/good', tls: { ca, ...own } },
        { ...route, id: 'missing', path: '/missing', tls: { ca } },
        { ...route, id: 'stranger', path: '/stranger', tls: own },
        { ...route, id: 'renamed', path: '/renamed', tls: { ca, ...own, serverName: 'elsewhere.example' } },
      ],
    })
    const socket = await openSocket(`${gateway.url}/good`)
    socket.say('hello')
    expect(await socket.hears()).to.equal('hello')
    socket.ws.terminate()
    for (const id of ['missing', 'stranger', 'renamed']) {
      const { status } = await refusedSocket(`${gateway.url}/${id}`)
      expect(status, id).to.equal(502)
      const line = gateway.logged().findLast(({ message }) => message === 'request failed')
      expect(String(line?.reason)).to.match(new RegExp(`^${id}: TLS: `))
    }
    await gateway.stop()
    await upstream.stop()
    files.remove()
  })
})
