import { once } from 'node:events'
import { Agent, createServer, get, type IncomingMessage, type RequestListener } from 'node:http'
import { type AddressInfo, createConnection } from 'node:net'
import { expect } from 'chai'
import { stringify } from 'yaml'
import { freePort } from '../support/free-port.ts'
import { leastEnv, type Process, workplace } from './run-gateway.ts'

describe('A gateway that is told to stop', function () {
  this.timeout(30_000)
  const { run, write } = workplace()
  let answer: RequestListener = (_req, res) => void res.end('ok')
  const upstream = createServer((req, res) => answer(req, res))
  let upstreamUrl = ''
  let port = 0

  before(async () => {
    upstream.listen(0, '127.0.0.1')
    await once(upstream, 'listening')
    upstreamUrl = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`
  })
  after(() => {
    upstream.close()
    upstream.closeAllConnections()
  })

  async function start(env: Record<string, string> = {}): Promise<Process> {
    port = await freePort()
    write('gateway.yaml', stringify({ routes: [{ id: 'slow', path: '/slow', upstream: upstreamUrl, auth: 'none' }] }))
    const gateway = run('start', { ...leastEnv, PORT: String(port), ...env })
    await gateway.ready()
    return gateway
  }
  /** An upstream that answers when it is told to; the promise is kept once it was asked. */
  function slowUpstream(): { asked: Promise<void>; finish: () => void } {
    const asked = Promise.withResolvers<void>()
    const told = Promise.withResolvers<void>()
    answer = async (_req, res) => {
      asked.resolve()
      await told.promise
      res.end('finished in order')
    }
    return { asked: asked.promise, finish: told.resolve }
  }
  const logged = (gateway: Process, text: string) => gateway.lines().some(({ message }) => message === text)
  async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await isTrue())) await new Promise(setImmediate)
  }
  const refuses = () =>
    new Promise<boolean>((resolve) => {
      const socket = createConnection(port, '127.0.0.1', () => resolve(false))
      socket.on('connect', () => socket.destroy())
      socket.on('error', () => resolve(true))
    })

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`lets a running request finish, takes no new one, and exits with 0 (${signal})`, async () => {
      const gateway = await start({ SHUTDOWN_TIMEOUT: '600' })
      const { asked, finish } = slowUpstream()
      const running = fetch(`http://localhost:${port}/slow`)
      await asked
      gateway.child.kill(signal)
      await until(() => logged(gateway, 'stopping: running requests may finish'))
      await until(refuses)
      finish()
      const response = await running
      expect(response.status).to.equal(200)
      expect(await response.text()).to.equal('finished in order')
      expect(await gateway.ended).to.deep.equal({ code: 0, signal: null })
      expect(gateway.lines().at(-1)).to.deep.include({ message: 'stopped' })
      expect(gateway.lines().find(({ route }) => route === 'slow')).to.deep.include({ status: 200 })
    })
  }

  it('does not wait for connections that only stay open', async () => {
    const gateway = await start({ SHUTDOWN_TIMEOUT: '600' })
    const agent = new Agent({ keepAlive: true })
    const [response] = (await once(get(`http://localhost:${port}/health`, { agent }), 'response')) as [IncomingMessage]
    await response.resume().toArray()
    gateway.child.kill('SIGTERM')
    expect(await gateway.ended).to.deep.equal({ code: 0, signal: null })
    agent.destroy()
  })

  it('does not wait for the next request of a connection whose last one it let finish', async () => {
    const gateway = await start({ SHUTDOWN_TIMEOUT: '600' })
    const { asked, finish } = slowUpstream()
    const agent = new Agent({ keepAlive: true })
    const running = once(get(`http://localhost:${port}/slow`, { agent }), 'response')
    await asked
    gateway.child.kill('SIGTERM')
    await until(() => logged(gateway, 'stopping: running requests may finish'))
    finish()
    const [response] = (await running) as [IncomingMessage]
    await response.resume().toArray()
    expect(await gateway.ended).to.deep.equal({ code: 0, signal: null })
    agent.destroy()
  })

  it('cuts off what has not finished within its limit, and says so', async () => {
    const gateway = await start({ SHUTDOWN_TIMEOUT: '1' })
    const { asked } = slowUpstream()
    const running = fetch(`http://localhost:${port}/slow`).then(
      () => 'answered',
      () => 'cut off',
    )
    await asked
    gateway.child.kill('SIGTERM')
    expect(await running).to.equal('cut off')
    expect(await gateway.ended).to.deep.equal({ code: 0, signal: null })
    expect(logged(gateway, 'some requests did not finish in time and were cut off')).to.equal(true)
  })

  it('ends at once when it is told a second time', async () => {
    const gateway = await start({ SHUTDOWN_TIMEOUT: '600' })
    const { asked } = slowUpstream()
    const running = fetch(`http://localhost:${port}/slow`).catch(() => undefined)
    await asked
    gateway.child.kill('SIGTERM')
    await until(() => logged(gateway, 'stopping: running requests may finish'))
    gateway.child.kill('SIGTERM')
    const { code, signal } = await gateway.ended
    expect(code === 0, 'it did not end in order').to.equal(false)
    expect(signal ?? code).not.to.equal(null)
    await running
  })

  it('stops while it waits for a Redis that is away', async () => {
    const gateway = await start({ REDIS_URL: `redis://127.0.0.1:${await freePort()}` })
    gateway.child.kill('SIGTERM')
    expect(await gateway.ended).to.deep.equal({ code: 0, signal: null })
  })
})
