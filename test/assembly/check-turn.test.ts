import { expect } from 'chai'
import { allOrNothing } from '../../src/admin/all-or-nothing.ts'
import { checkTurn, checkTurnOfWrites } from '../../src/assembly/check-turn.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { unavailable } from '../../src/platform/errors/gateway-error.ts'
import { createResilience } from '../../src/platform/http/resilience.ts'
import { silentLog } from '../../src/platform/observability/log.ts'

describe('A write whose turn was lost', () => {
  let isLost: boolean
  let writes: string[]
  beforeEach(() => {
    isLost = false
    writes = []
  })
  const turns = {
    run: <T>(_key: string, work: () => Promise<T>) => work(),
    async check() {
      if (isLost) throw unavailable('COORDINATION_UNAVAILABLE', 'told to be lost')
    },
  }
  const code = (work: Promise<unknown>) => work.then(() => 'done').catch((error: { code: string }) => error.code)
  const guard = createResilience({
    clock: systemClock,
    onState: () => undefined,
    outboundTimer: () => () => undefined,
  })({ target: 'test', timeoutMs: 1_000 })
  const checked = checkTurn(guard, turns)
  const write = (name: string) => checked.execute(async () => void writes.push(name))

  it('is not begun, and is no fault of Keycloak', async () => {
    expect(await code(write('first'))).to.equal('done')
    isLost = true
    for (let i = 0; i < 8; i++) expect(await code(write('second'))).to.equal('COORDINATION_UNAVAILABLE')
    expect(writes).to.deep.equal(['first'])
    expect(checked.state()).to.include({ state: 'closed', failures: 0 })
  })

  it('is neither gone on with nor undone, which is said', async () => {
    const step = (what: string) => ({
      what,
      async do() {
        await write(what)
        isLost = true
      },
      undo: () => write(`undo ${what}`),
    })
    expect(await code(allOrNothing([step('one'), step('two')], silentLog))).to.equal('CHANGE_INCOMPLETE')
    expect(writes).to.deep.equal(['one'])
  })

  it('does not keep anybody from reading', async () => {
    const fetch = checkTurnOfWrites(async (url) => new Response(url), turns)
    isLost = true
    for (const init of [{}, { method: 'GET' }]) expect((await fetch('x', init)).status).to.equal(200)
    for (const method of ['PUT', 'POST', 'DELETE'])
      expect(await code(fetch('x', { method }))).to.equal('COORDINATION_UNAVAILABLE')
  })
})
