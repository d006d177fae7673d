import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { awaitReadiness } from '../../../keycloak/server/await-readiness.ts'
import { launchServer } from '../../../keycloak/server/server-process.ts'
import { failureOf } from './failure-of.ts'

describe('A server has a process', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cloakroom-server-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const logFile = () => join(folder, 'log')
  const launch = (script: string) =>
    launchServer({ program: 'sh', args: ['-c', script], env: process.env, logFile: logFile() })

  it('writes its output into the log, and tells its exit code', async () => {
    const server = await launch('echo hello; echo trouble >&2; exit 4')
    expect(await server.exited).to.equal(4)
    expect(readFileSync(logFile(), 'utf8')).to.equal('hello\ntrouble\n')
  })

  it('lets it finish when it is stopped', async () => {
    const script = 'trap "echo bye; exit 0" TERM; echo ready; while :; do sleep 0.05; done'
    const server = await launch(script)
    while (!readFileSync(logFile(), 'utf8').includes('ready')) await new Promise(setImmediate)
    await server.stop()
    expect(await server.exited).to.equal(0)
    expect(readFileSync(logFile(), 'utf8')).to.contain('bye')
  })

  it('ends it and its children when it is killed', async () => {
    const server = await launch('sleep 600 & echo $!; wait')
    while (!/\d\n/.test(readFileSync(logFile(), 'utf8'))) await new Promise(setImmediate)
    const child = Number(readFileSync(logFile(), 'utf8'))
    await server.kill()
    while (isRunning(child)) await new Promise(setImmediate)
    expect(await server.exited).to.equal(null)
  })

  it('gives up at once when it ends before it is ready, with the end of its log', async () => {
    const server = await launch('echo the port is taken; exit 1')
    const waiting = awaitReadiness({
      managementUrl: 'http://127.0.0.1:1',
      exited: server.exited,
      logFile: logFile(),
      timeout: 60_000,
    })
    expect(await failureOf(waiting)).to.match(/ended while it was starting \(exit code 1\)(.|\n)*the port is taken/)
  })

  it('waits until it says it is ready, and not for ever', async () => {
    let asked = 0
    const health = createHttpServer((_req, res) => void res.writeHead(++asked < 3 ? 503 : 200).end('{}'))
    await once(health.listen(0, '127.0.0.1'), 'listening')
    const managementUrl = `http://127.0.0.1:${(health.address() as AddressInfo).port}`
    const exited = new Promise<null>(() => undefined)
    await awaitReadiness({ managementUrl, exited, logFile: logFile(), timeout: 60_000 })
    expect(asked).to.equal(3)
    asked = Number.NEGATIVE_INFINITY
    const tooLong = awaitReadiness({ managementUrl, exited, logFile: logFile(), timeout: 0 })
    expect(await failureOf(tooLong)).to.contain('Keycloak was not ready after 0 s')
    health.close().closeAllConnections()
  })
})

/** A killed child that nobody has waited for yet is a zombie; it runs no longer. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
