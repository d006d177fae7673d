import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { expect } from 'chai'
import { DependencyFailure, dependencyFailureIn } from '../../../src/platform/http/dependency-failure.ts'
import { createGuardedFetch, type GuardedFetchOptions } from '../../../src/platform/http/guarded-fetch.ts'
import { createResilience } from '../../../src/platform/http/resilience.ts'
import { testClock } from '../../support/test-clock.ts'

describe('A guarded fetch', () => {
  let answer: RequestListener = (_req, res) => void res.end('ok')
  const server = createServer((req, res) => answer(req, res))
  let url = ''

  before(async () => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  after(() => {
    server.close()
    server.closeAllConnections()
  })

  function start(options: Partial<GuardedFetchOptions> = {}, timeoutMs = 5_000) {
    const guard = createResilience({
      clock: testClock(),
      onState: () => undefined,
      outboundTimer: () => () => undefined,
    })({
      target: 'provider:token',
      timeoutMs,
    })
    return { guard, fetch: createGuardedFetch({ guard, ...options }) }
  }
  const kindOf = (call: Promise<unknown>) =>
    call.then(
      () => 'answered',
      (error: unknown) => dependencyFailureIn(error)?.kind ?? (error as Error).name,
    )

  it('gives the whole answer, whatever its encoding', async () => {
    answer = (_req, res) => void res.writeHead(201, { 'content-encoding': 'gzip', 'x-a': 'b' }).end(gzipSync('{"a":1}'))
    const response = await start().fetch(url, { method: 'POST', body: 'x' })
    expect(response.status).to.equal(201)
    expect(response.headers.get('x-a')).to.equal('b')
    expect(await response.json()).to.deep.equal({ a: 1 })
  })

  it('gives answers that have no body', async () => {
    answer = (_req, res) => void res.writeHead(204).end()
    expect(await (await start().fetch(url, {})).text()).to.equal('')
  })

  it('does not follow redirects', async () => {
    answer = (req, res) => void (req.url === '/' ? res.writeHead(302, { location: '/elsewhere' }) : res).end()
    const response = await start().fetch(`${url}/`, {})
    expect(response.status).to.equal(302)
    expect(response.headers.get('location')).to.equal('/elsewhere')
  })

  it('gives 4xx to its caller without counting it', async () => {
    answer = (_req, res) => void res.writeHead(400).end('{"error":"invalid_grant"}')
    const { guard, fetch } = start()
    for (let at = 0; at < 20; at++)
      expect(await (await fetch(url, {})).json()).to.deep.equal({ error: 'invalid_grant' })
    expect(guard.state()).to.include({ state: 'closed', failures: 0 })
  })

  it('gives 5xx to its caller too, and counts it', async () => {
    answer = (_req, res) => void res.writeHead(503, { 'retry-after': '3' }).end('maintenance')
    const { guard, fetch } = start()
    for (let at = 0; at < 5; at++) {
      const response = await fetch(url, {})
      expect(response.status).to.equal(503)
      expect(await response.text()).to.equal('maintenance')
    }
    expect(guard.state()).to.include({ state: 'open', failures: 5 })
    expect(await kindOf(fetch(url, {}))).to.equal('breaker-open')
  })

  it('counts what cannot be reached, what breaks off and what hangs', async () => {
    const nobody = createServer().listen(0, '127.0.0.1')
    await once(nobody, 'listening')
    const { port } = nobody.address() as AddressInfo
    nobody.close()
    await once(nobody, 'close')
    const { guard, fetch } = start({}, 300)
    expect(await kindOf(fetch(`http://127.0.0.1:${port}`, {}))).to.equal('network')
    answer = (_req, res) => {
      res.writeHead(200, { 'content-length': 100 })
      res.write('half', () => res.destroy())
    }
    expect(await kindOf(fetch(url, {}))).to.equal('network')
    answer = () => undefined
    expect(await kindOf(fetch(url, {}))).to.equal('timeout')
    answer = (_req, res) => void res.writeHead(200).write('never ends')
    expect(await kindOf(fetch(url, {}))).to.equal('timeout')
    expect(guard.state().failures).to.equal(4)
  })

  it('does not read more than it was told to', async () => {
    answer = (_req, res) => endless(res)
    const { guard, fetch } = start({ maxBytes: 1_000 })
    expect(await kindOf(fetch(url, {}))).to.equal('network')
    expect(guard.state().failures).to.equal(1)
    answer = (_req, res) => void res.end('x'.repeat(1_000))
    expect(await (await fetch(url, {})).text()).to.have.length(1_000)
  })

  it('bounds what a small compressed answer may grow to', async () => {
    answer = (_req, res) =>
      void res.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(10_000_000)))
    expect(await kindOf(start({ maxBytes: 100_000 }).fetch(url, {}))).to.equal('network')
  })

  it('does not count a caller that went away', async () => {
    answer = () => undefined
    const { guard, fetch } = start()
    const caller = new AbortController()
    const asked = kindOf(fetch(url, { signal: caller.signal }))
    caller.abort()
    expect(await asked).to.equal('AbortError')
    expect(guard.state().failures).to.equal(0)
  })

  it("counts a caller's own deadline, because the dependency let it pass", async () => {
    answer = () => undefined
    const { guard, fetch } = start()
    expect(await kindOf(fetch(url, { signal: AbortSignal.timeout(20) }))).to.equal('timeout')
    expect(guard.state().failures).to.equal(1)
  })

  describe('that is told of an internal address', () => {
    const seen: string[] = []
    beforeEach(() => {
      seen.length = 0
      answer = (req: IncomingMessage, res: ServerResponse) => {
        seen.push(req.url ?? '')
        res.end()
      }
    })

    it('goes there, and keeps path and query', async () => {
      const { fetch } = start({ rewrite: { from: 'https://id.test', to: `${url}/inner` } })
      await fetch('https://id.test/realms/demo?x=1', {})
      await fetch('https://id.test', {})
      await fetch('https://id.test?y=2', {})
      expect(seen).to.deep.equal(['/inner/realms/demo?x=1', '/inner', '/inner?y=2'])
    })

    it('leaves other addresses alone, also those that only begin alike', async () => {
      const { fetch } = start({ rewrite: { from: url.slice(0, -1), to: 'http://127.0.0.1:1' } })
      await fetch(`${url}/a`, {})
      const { fetch: other } = start({ rewrite: { from: `${url}/rea`, to: 'http://127.0.0.1:1' } })
      await other(`${url}/realms`, {})
      expect(seen).to.deep.equal(['/a', '/realms'])
    })
  })

  function endless(res: ServerResponse): void {
    const more = () => {
      while (!res.destroyed && res.write('x'.repeat(10_000)));
    }
    res.on('drain', more)
    more()
  }
})

describe('A dependency failure', () => {
  it('is found in a chain of causes', () => {
    const failure = new DependencyFailure('timeout', 'slow')
    expect(dependencyFailureIn(failure)).to.equal(failure)
    const wrapped = new Error('a', { cause: new Error('b', { cause: failure }) })
    expect(dependencyFailureIn(wrapped)).to.equal(failure)
    for (const other of [undefined, null, 'x', new Error('a'), new Error('a', { cause: 'b' }), { cause: failure }])
      expect(dependencyFailureIn(other)).to.equal(undefined)
  })

  it('is not looked for without end', () => {
    const round = new Error('a')
    round.cause = round
    expect(dependencyFailureIn(round)).to.equal(undefined)
  })
})
