import { expect } from 'chai'
import { forgetAfter } from '../../src/assembly/forget-after.ts'
import { createMemoryCache } from '../../src/platform/cache/memory-cache.ts'
import { type ActiveToken, rememberIntrospections } from '../../src/service-tokens/remember-introspections.ts'
import type { ServiceClient } from '../../src/service-tokens/service-client.ts'
import { testClock } from '../support/test-clock.ts'

const byBasic = (id: string, secret: string): ServiceClient => ({
  ...{ id, parameters: {} },
  headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}` },
})
const shop = byBasic('shop', 'canary-secret')

describe('What is remembered of introspections', () => {
  function start({ ttl = 10 } = {}) {
    const clock = testClock()
    const state = { asked: 0, life: 300, active: true, hears: true, isLoggedOut: false, secret: 'canary-secret' }
    const cache = createMemoryCache<ActiveToken>({ name: 'introspection', ttl, maxSize: 100, clock })
    const introspect = rememberIntrospections(
      async ({ headers, parameters }) => {
        state.asked++
        const isTrue = headers.authorization?.endsWith(btoa(`shop:${state.secret}`)) ?? parameters.client_id === 'shop'
        if (!isTrue) throw new Error('invalid_client')
        return state.active ? { sub: 'alice', exp: clock.now() / 1000 + state.life } : undefined
      },
      {
        ...{ cache, clock },
        mayRemember: () => state.hears,
        isLoggedOut: async () => state.isLoggedOut,
      },
    )
    const ask = (client = shop, token = 'canary-token', more = {}) => introspect(client, { token, ...more })
    return { clock, state, cache, ask }
  }

  it('is told for its time, and then asked for again', async () => {
    const { clock, state, ask } = start()
    for (let i = 0; i < 3; i++) expect(await ask()).to.include({ sub: 'alice' })
    clock.advance('9s')
    await ask()
    expect(state.asked).to.equal(1)
    clock.advance('1s')
    await ask()
    expect(state.asked).to.equal(2)
  })

  it('never outlives the token', async () => {
    const { clock, state, ask } = start()
    state.life = 3
    await ask()
    clock.advance('3s')
    state.active = false
    expect(await ask()).to.equal(undefined)
  })

  it('belongs to one credential: another secret, client, token or hint is another question', async () => {
    const { state, ask } = start()
    await ask()
    for (const client of [byBasic('shop', 'guess'), byBasic('shop', ''), byBasic('other', 'canary-secret')])
      expect(await ask(client).catch((error: Error) => error.message)).to.equal('invalid_client')
    const byPost = { id: 'shop', headers: {}, parameters: { client_id: 'shop', client_secret: 'canary-secret' } }
    for (const other of [ask(shop, 'another-token'), ask(byPost), ask(shop, 'canary-token', { token_type_hint: 'x' })])
      await other
    expect(state.asked).to.equal(7)
  })

  it('is not told to a secret that was replaced', async () => {
    const { state, cache, ask } = start()
    await ask()
    const rotate = forgetAfter(
      async (secret: string) => {
        state.secret = secret
      },
      async () => cache.clear(),
    )
    await rotate('the-next-one')
    expect(await ask().catch((error: Error) => error.message)).to.equal('invalid_client')
    expect(await ask(byBasic('shop', 'the-next-one'))).to.include({ sub: 'alice' })
    const failing = forgetAfter(
      () => Promise.reject(new Error('no answer')),
      async () => cache.clear(),
    )
    expect(await failing().catch((error: Error) => error.message)).to.equal('no answer')
    expect(cache.info().current_size).to.equal(0)
  })

  const NEVER: [what: string, change: (state: ReturnType<typeof start>['state']) => void, client?: ServiceClient][] = [
    ['a token that is not active', (state) => Object.assign(state, { active: false })],
    ['a token without an end', (state) => Object.assign(state, { life: Number.NaN })],
    ['a token that is just over', (state) => Object.assign(state, { life: 0 })],
    ['a token whose session is being ended', (state) => Object.assign(state, { isLoggedOut: true })],
    ['anything while other instances cannot be heard', (state) => Object.assign(state, { hears: false })],
    [
      'what was asked with an assertion',
      () => undefined,
      { id: 'shop', headers: {}, parameters: { client_id: 'shop', client_assertion: 'e30.e30.x' } },
    ],
  ]
  for (const [what, change, client = shop] of NEVER)
    it(`is never ${what}`, async () => {
      const { state, cache, ask } = start()
      change(state)
      for (let i = 0; i < 3; i++) await ask(client)
      expect([state.asked, cache.info().current_size]).to.deep.equal([3, 0])
    })

  it('is nothing where it is switched off, and nobody shares an answer either', async () => {
    const { state, ask } = start({ ttl: 0 })
    await Promise.all([ask(), ask(), ask()])
    expect(state.asked).to.equal(3)
  })

  it('is not brought back by an answer that was on its way when everything was forgotten', async () => {
    const { state, cache, ask } = start()
    const asked = ask()
    cache.clear()
    await asked
    await ask()
    expect(state.asked).to.equal(2)
  })

  it('has names that tell nothing of secrets and tokens', async () => {
    const { cache, ask } = start()
    await ask()
    expect(cache.info().keys.join()).to.match(/^[\w-]{43}$/)
  })
})
