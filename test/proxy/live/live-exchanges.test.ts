import { expect } from 'chai'
import type { SessionIdentity } from '../../../src/identity/identity.ts'
import { createLiveExchanges, type LiveExchangesParts, type WhyEnded } from '../../../src/proxy/live/live-exchanges.ts'
import { testClock } from '../../support/test-clock.ts'
import { the } from '../../support/the.ts'

const identity = (sessionId: string): SessionIdentity => ({
  ...the.caller(),
  method: 'session',
  sessionId,
  issuer: 'https://issuer.example',
  tenant: null,
  accessToken: 'none',
})

describe('The watch over what lasts', () => {
  const clock = testClock()
  const good = async () => ({ until: clock.now() + 60_000, atLatest: clock.now() + 600_000, issuedAt: clock.now() })

  function watch(parts: Partial<LiveExchangesParts> = {}) {
    const live = createLiveExchanges({
      ...{ clock, confirm: good, isCutOff: () => false, newsArrive: () => true, patienceMs: 30_000 },
      ...parts,
    })
    const ended: string[] = []
    const ends = new Map<string, PromiseWithResolvers<WhyEnded>>()
    const hold = (name: string, session = name) => {
      const promise = Promise.withResolvers<WhyEnded>()
      ends.set(name, promise)
      return live.hold({
        identity: identity(session),
        end(why) {
          ended.push(name)
          promise.resolve(why)
        },
      })
    }
    return { live, hold, ended, why: (name: string) => ends.get(name)?.promise }
  }

  it('ends all of a session that is over, and nothing of others', () => {
    const { live, hold, ended } = watch()
    hold('a1', 'a')
    hold('a2', 'a')
    hold('b')
    live.sessionEnded('a')
    live.sessionEnded('a')
    live.sessionEnded('unknown')
    expect(ended).to.deep.equal(['a1', 'a2'])
    expect(live.size()).to.equal(1)
  })

  it('forgets what is over by itself, also when it is told twice', () => {
    const { live, hold, ended } = watch()
    const release = hold('a')
    release()
    release()
    expect(live.size()).to.equal(0)
    live.sessionEnded('a')
    live.stop()
    expect(ended).to.deep.equal([])
  })

  it('asks the store once for all of a session', async () => {
    let asked = 0
    const first = Promise.withResolvers<void>()
    const { hold } = watch({
      confirm: async () => {
        asked++
        first.resolve()
        return good()
      },
    })
    const releases = ['1', '2', '3'].map((name) => hold(name, 'a'))
    await first.promise
    expect(asked).to.equal(1)
    for (const release of releases) release()
  })

  it('ends what the store does not know any more', async () => {
    const { hold, why } = watch({ confirm: async () => undefined })
    hold('a')
    expect(await why('a')).to.equal('over')
  })

  it('ends what was cut off, without asking again', async () => {
    let cut = false
    const { hold, why } = watch({ isCutOff: () => cut })
    hold('a')
    const ended = why('a')
    setTimeout(() => {
      cut = true
    }, 300)
    expect(await ended).to.equal('over')
  })

  it('lets go of what nobody can confirm, but only after its patience', async () => {
    const began = performance.now()
    const { hold, why } = watch({
      patienceMs: 700,
      confirm: async () => {
        throw new Error('the store is away')
      },
    })
    hold('a')
    expect(await why('a')).to.equal('unconfirmed')
    expect(performance.now() - began).to.be.at.least(700)
  })

  it('asks again at once when news may have been missed', async () => {
    let answer: ReturnType<typeof good> | Promise<undefined> = good()
    const asked = Promise.withResolvers<void>()
    const { live, hold, why } = watch({
      confirm: () => {
        asked.resolve()
        return answer
      },
    })
    hold('a')
    await asked.promise
    answer = Promise.resolve(undefined)
    live.suspectAll()
    expect(await why('a')).to.equal('over')
  })

  it('ends everything when the gateway stops, also what nobody had to be known for', () => {
    const { live, hold, ended } = watch()
    hold('a')
    let anonymous: WhyEnded | undefined
    const release = live.hold({
      identity: undefined,
      end(why) {
        anonymous = why
      },
    })
    live.stop()
    expect(ended).to.deep.equal(['a'])
    expect(anonymous).to.equal('stopping')
    release()
  })
})
