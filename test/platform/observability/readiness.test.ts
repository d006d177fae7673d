import { mock } from 'node:test'
import { expect } from 'chai'
import { createReadiness, type DependencyState } from '../../../src/platform/observability/readiness.ts'

const check = (name: string, required: boolean, answer: () => Promise<DependencyState>) => ({
  name,
  required,
  check: answer,
})
const up = async (): Promise<DependencyState> => ({ status: 'up' })
const failing = () => Promise.reject<DependencyState>(new Error('connect ECONNREFUSED 10.0.0.7:6379'))

describe('Readiness', () => {
  afterEach(() => mock.timers.reset())

  it('is there when everything answers', async () => {
    const readiness = createReadiness([check('redis', true, up), check('identity_provider', false, up)])
    expect(await readiness()).to.deep.equal({
      ready: true,
      dependencies: {
        redis: { status: 'up', required: true },
        identity_provider: { status: 'up', required: false },
      },
    })
  })

  it('is there with nothing to wait for', async () => {
    expect(await createReadiness([])()).to.deep.equal({ ready: true, dependencies: {} })
  })

  it('is gone when a required dependency fails, and says nothing of its address', async () => {
    const state = await createReadiness([check('redis', true, failing), check('identity_provider', false, up)])()
    expect(state.ready).to.equal(false)
    expect(state.dependencies.redis).to.deep.equal({ status: 'down', required: true })
    expect(JSON.stringify(state)).not.to.contain('10.0.0.7')
  })

  it('stays when another dependency fails or a required one is weak', async () => {
    const weak = async (): Promise<DependencyState> => ({ status: 'degraded', note: 'one of three replicas' })
    const state = await createReadiness([check('redis', true, weak), check('identity_provider', false, failing)])()
    expect(state.ready).to.equal(true)
    expect(state.dependencies.identity_provider?.status).to.equal('down')
    expect(state.dependencies.redis?.note).to.equal('one of three replicas')
  })

  it('does not wait for a dependency that hangs', async () => {
    mock.timers.enable({ apis: ['setTimeout'] })
    const hanging = () => new Promise<DependencyState>(() => undefined)
    const asked = createReadiness([check('redis', true, hanging), check('identity_provider', false, up)])()
    mock.timers.tick(3_000)
    expect(await asked).to.deep.equal({
      ready: false,
      dependencies: {
        redis: { status: 'down', note: 'no answer in time', required: true },
        identity_provider: { status: 'up', required: false },
      },
    })
  })

  it('counts a check that throws at once as down', async () => {
    const broken = () => {
      throw new Error('bug')
    }
    expect((await createReadiness([check('redis', true, broken)])()).ready).to.equal(false)
  })

  it('asks everyone at once, each time anew', async () => {
    let running = 0
    let most = 0
    const counted = async (): Promise<DependencyState> => {
      most = Math.max(most, ++running)
      await new Promise(setImmediate)
      running--
      return { status: 'up' }
    }
    const readiness = createReadiness([check('a', true, counted), check('b', true, counted)])
    await readiness()
    await readiness()
    expect(most).to.equal(2)
  })
})
