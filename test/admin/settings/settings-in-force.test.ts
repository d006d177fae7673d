import { expect } from 'chai'
import { type Changes, writeDocument } from '../../../src/admin/settings/settings-document.ts'
import { createSettingsInForce, type SettingsInForce } from '../../../src/admin/settings/settings-in-force.ts'
import type { SettingsStore } from '../../../src/admin/settings/settings-store.ts'
import type { ChangeableSetting } from '../../../src/platform/config/changeable-settings.ts'
import { unavailable } from '../../../src/platform/errors/gateway-error.ts'
import { silentLog } from '../../../src/platform/observability/log.ts'

const CONFIGURED = {
  LOG_LEVEL: 'info',
  JWKS_CACHE_TTL: 600,
  USER_INFO_CACHE_TTL: 300,
  GROUP_CACHE_TTL: 600,
  ROLE_CACHE_TTL: 300,
} as const
const allow = () => undefined
const text = (revision: number, changes: Changes) => writeDocument({ revision, changes })

/** One text that several instances share, as Redis would hold it; it can be away, and messages can be lost. */
function sharedText() {
  const state = { kept: null as string | null, isAway: false, isDeaf: false }
  const instances: { hear: (text: string) => void; missed: () => void }[] = []
  const ask = () => {
    if (state.isAway) throw unavailable('SETTINGS_UNAVAILABLE', 'told to be away')
  }
  const store = (): SettingsStore => ({
    isShared: true,
    async read() {
      ask()
      return state.kept
    },
    async replace(known, written) {
      ask()
      if (known !== state.kept) return false
      state.kept = written
      return true
    },
    async tell(message) {
      if (state.isDeaf) return 1
      for (const { hear } of instances) hear(message)
      return instances.length
    },
    listen: (hear, missed) => void instances.push({ hear, missed }),
  })
  return { state, instances, store }
}

function instance(shared: ReturnType<typeof sharedText>) {
  const applied: string[] = []
  const warned: string[] = []
  const note = (name: ChangeableSetting) => (value: unknown) => void applied.push(`${name}=${value}`)
  const inForce: SettingsInForce = createSettingsInForce({
    store: shared.store(),
    configured: CONFIGURED,
    apply: {
      LOG_LEVEL: note('LOG_LEVEL'),
      JWKS_CACHE_TTL: note('JWKS_CACHE_TTL'),
      USER_INFO_CACHE_TTL: note('USER_INFO_CACHE_TTL'),
      GROUP_CACHE_TTL: note('GROUP_CACHE_TTL'),
      ROLE_CACHE_TTL: note('ROLE_CACHE_TTL'),
    },
    log: { ...silentLog, warn: (message) => void warned.push(message) },
  })
  return { ...inForce, applied, warned }
}

describe('Settings in force', () => {
  it('are changed here and elsewhere, each carried out once', async () => {
    const shared = sharedText()
    const [one, two] = [instance(shared), instance(shared)]
    expect(await one.change({ LOG_LEVEL: 'debug', GROUP_CACHE_TTL: 600 }, allow)).to.equal(2)
    expect(two.changes()).to.deep.equal({ LOG_LEVEL: 'debug', GROUP_CACHE_TTL: 600 })
    for (const { applied } of [one, two]) expect(applied).to.deep.equal(['LOG_LEVEL=debug'])
    await two.change({ LOG_LEVEL: null }, allow)
    expect(await one.latest()).to.deep.equal({ GROUP_CACHE_TTL: 600 })
    for (const { applied } of [one, two]) expect(applied).to.deep.equal(['LOG_LEVEL=debug', 'LOG_LEVEL=info'])
  })

  it('are taken up by whoever starts later, and by whoever heard nothing', async () => {
    const shared = sharedText()
    const [one, two] = [instance(shared), instance(shared)]
    shared.state.isDeaf = true
    await one.change({ LOG_LEVEL: 'warn' }, allow)
    expect(two.applied).to.deep.equal([])
    for (const { missed } of shared.instances) missed()
    const late = instance(shared)
    await late.start()
    late.close()
    expect(late.applied).to.deep.equal(['LOG_LEVEL=warn'])
    expect(two.applied).to.deep.equal(['LOG_LEVEL=warn'])
  })

  it('are all kept when two change different ones at once', async () => {
    const shared = sharedText()
    const [one, two] = [instance(shared), instance(shared)]
    await Promise.all([one.change({ LOG_LEVEL: 'warn' }, allow), two.change({ GROUP_CACHE_TTL: 5 }, allow)])
    expect(await one.latest()).to.deep.equal({ LOG_LEVEL: 'warn', GROUP_CACHE_TTL: 5 })
    expect(await two.latest()).to.deep.equal({ LOG_LEVEL: 'warn', GROUP_CACHE_TTL: 5 })
  })

  it('are not changed back by a message that comes late', async () => {
    const shared = sharedText()
    const one = instance(shared)
    await one.change({ LOG_LEVEL: 'warn' }, allow)
    await one.change({ LOG_LEVEL: 'debug' }, allow)
    shared.instances[0]?.hear(text(1, { LOG_LEVEL: 'warn' }))
    expect(one.changes()).to.deep.equal({ LOG_LEVEL: 'debug' })
  })

  it('are what the store says, also when somebody else spoke on the bus', async () => {
    const shared = sharedText()
    const one = instance(shared)
    await one.change({ LOG_LEVEL: 'warn' }, allow)
    shared.instances[0]?.hear(text(99, { LOG_LEVEL: 'error' }))
    expect(await one.latest()).to.deep.equal({ LOG_LEVEL: 'warn' })
    expect(one.changes()).to.deep.equal({ LOG_LEVEL: 'warn' })
  })

  it('stay as they are when the store is poisoned, which is said once and mended by the next change', async () => {
    const shared = sharedText()
    const one = instance(shared)
    await one.change({ LOG_LEVEL: 'warn' }, allow)
    shared.state.kept = '{"revision":1,"changes":'
    for (let times = 0; times < 3; times++) expect(await one.latest()).to.deep.equal({ LOG_LEVEL: 'warn' })
    shared.instances[0]?.hear('poison')
    expect(one.warned.filter((message) => message.includes('cannot be read'))).to.have.length(2)
    await one.change({ GROUP_CACHE_TTL: 5 }, allow)
    expect(shared.state.kept).to.equal(text(2, { LOG_LEVEL: 'warn', GROUP_CACHE_TTL: 5 }))
  })

  it('are as configured again when the store has lost them', async () => {
    const shared = sharedText()
    const one = instance(shared)
    await one.change({ LOG_LEVEL: 'warn' }, allow)
    shared.state.kept = null
    expect(await one.latest()).to.deep.equal({})
    expect(one.applied).to.deep.equal(['LOG_LEVEL=warn', 'LOG_LEVEL=info'])
  })

  it('do not change while the store is away, and a start does not fail for it', async () => {
    const shared = sharedText()
    const one = instance(shared)
    shared.state.isAway = true
    await one.start()
    one.close()
    const error = await one.change({ LOG_LEVEL: 'warn' }, allow).catch((thrown: unknown) => thrown)
    expect(error).to.include({ code: 'SETTINGS_UNAVAILABLE' })
    expect([one.applied, shared.state.kept]).to.deep.equal([[], null])
    expect(one.warned).to.have.length(1)
  })

  it('do not change when the judge says no, nor against others without end', async () => {
    const shared = sharedText()
    const one = instance(shared)
    const no = () => {
      throw new Error('no')
    }
    expect(await one.change({ LOG_LEVEL: 'warn' }, no).catch((error: Error) => error.message)).to.equal('no')
    let others = 0
    const meddle = () => {
      shared.state.kept = text(++others, { GROUP_CACHE_TTL: others })
    }
    const error = await one.change({ LOG_LEVEL: 'warn' }, meddle).catch((thrown: unknown) => thrown)
    expect(error).to.include({ code: 'VERSION_CONFLICT' })
    expect(one.applied).not.to.include('LOG_LEVEL=warn')
  })
})
