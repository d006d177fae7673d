import { expect } from 'chai'
import { createMemorySessionStore } from '../../../src/identity/session/memory-session-store.ts'
import type { Lease } from '../../../src/identity/session/refresh-lease.ts'
import { createRefreshSession } from '../../../src/identity/session/refresh-session.ts'
import type { StoredSession } from '../../../src/identity/session/session.ts'
import { unavailable } from '../../../src/platform/errors/gateway-error.ts'
import { silentLog } from '../../../src/platform/observability/log.ts'
import type { TokenSet } from '../../../src/platform/oidc/relying-party.ts'
import { testClock } from '../../support/test-clock.ts'
import { the } from '../../support/the.ts'

const ID = 'session-of-alice'

/** A refresh with everything around it in the test's hands. */
async function given({ lifeLeft = 10_000 } = {}) {
  const clock = testClock()
  const store = createMemorySessionStore({ clock, idleTimeout: 1_800 })
  const record = the.record(clock.now())
  await store.addTokens(ID, the.tokens(clock.now(), { accessExpiresAt: clock.now() + lifeLeft }))
  const saved = Promise.withResolvers<void>()
  store.express.set(ID, { cookie: { originalMaxAge: null }, record } as never, () => saved.resolve())
  await saved.promise

  const asked: string[] = []
  const revoked: string[] = []
  const ended: string[] = []
  const leases: string[] = []
  const pauses: { milliseconds: number; over: () => void }[] = []
  const provider = { answer: async (_token: string): Promise<TokenSet | 'over' | 'untrusted'> => fresh() }
  const lease: Lease = {
    run(id, task) {
      leases.push(id)
      return task({ fence: 'mine', isMine: async () => true })
    },
  }
  const refresh = createRefreshSession({
    store,
    lease,
    clock,
    log: silentLog,
    relyingParty: {
      refresh: (token) => {
        asked.push(token)
        return provider.answer(token)
      },
      revoke: async (token) => void revoked.push(token),
    },
    pause: (milliseconds) => new Promise((over) => pauses.push({ milliseconds, over })),
    onRefreshed: () => undefined,
    async endSession(id, why) {
      ended.push(`${id} ${why}`)
      await store.destroy(id)
    },
  })
  const read = async () => (await store.read(ID)) as StoredSession
  return { clock, store, record, asked, revoked, ended, leases, pauses, provider, refresh, read, fresh }

  function fresh(changes: Partial<TokenSet> = {}): TokenSet {
    const tokens = { accessToken: 'fresh-access', refreshToken: 'fresh-refresh', idToken: undefined }
    return { ...tokens, expiresIn: 300, scope: undefined, claims: undefined, ...changes }
  }
}

describe('a refresh that meets others', () => {
  it('asks nobody when another instance has finished before', async () => {
    const { clock, store, record, asked, refresh, read } = await given()
    const stale = await read()
    await store.replaceTokens(ID, the.tokens(clock.now(), { version: 2, accessToken: 'theirs' }), record)
    expect((await refresh(stale))?.tokens.accessToken).to.equal('theirs')
    expect(asked).to.deep.equal([])
  })

  it('believes the store when the grant is said to be over because another instance spent the token', async () => {
    const { clock, store, record, asked, ended, pauses, provider, refresh, read } = await given()
    provider.answer = async () => {
      await store.replaceTokens(ID, the.tokens(clock.now(), { version: 2, accessToken: 'theirs' }), record)
      return 'over'
    }
    const running = refresh(await read())
    await until(() => pauses.some(({ milliseconds }) => milliseconds < 1_000))
    for (const { milliseconds, over } of pauses) if (milliseconds < 1_000) over()
    expect((await running)?.tokens.accessToken).to.equal('theirs')
    expect(asked).to.have.length(1)
    expect(ended).to.deep.equal([])
  })

  it('takes what another instance wrote meanwhile, and revokes nothing', async () => {
    const { clock, store, record, revoked, provider, refresh, read, fresh } = await given()
    provider.answer = async () => {
      await store.replaceTokens(ID, the.tokens(clock.now(), { version: 2, accessToken: 'theirs' }), record)
      return fresh()
    }
    expect((await refresh(await read()))?.tokens.accessToken).to.equal('theirs')
    expect(revoked).to.deep.equal([])
  })

  it('revokes what it got when the session ended meanwhile', async () => {
    const { store, revoked, provider, refresh, read, fresh } = await given()
    provider.answer = async () => {
      await store.destroy(ID)
      return fresh()
    }
    expect(await refresh(await read())).to.equal(undefined)
    expect(revoked).to.deep.equal(['fresh-refresh'])
    expect(await store.read(ID)).to.equal(undefined)
  })

  it('runs under the lease of its session, once for all who ask at once', async () => {
    const { leases, asked, refresh, read } = await given()
    const session = await read()
    await Promise.all(Array.from({ length: 50 }, () => refresh(session)))
    expect(leases).to.deep.equal([ID])
    expect(asked).to.have.length(1)
  })

  it('says that the store is away when it is the store that is away', async () => {
    const { store, clock, refresh, read } = await given()
    const session = await read()
    clock.advance('11s')
    store.read = async () => {
      throw unavailable('SESSION_STORE_UNAVAILABLE', 'away')
    }
    const error = await refresh(session).catch((thrown: unknown) => thrown)
    expect(error).to.include({ code: 'SESSION_STORE_UNAVAILABLE' })
  })
})

describe('a refresh that takes long', () => {
  it('lets the old token be used meanwhile, while it lives', async () => {
    const { pauses, provider, refresh, read, fresh } = await given()
    const answer = Promise.withResolvers<TokenSet>()
    provider.answer = () => answer.promise
    const running = refresh(await read())
    await until(() => pauses.length > 0)
    pauses[0]?.over()
    expect((await running)?.tokens.accessToken).to.equal('canary-access-token')
    answer.resolve(fresh())
    await until(async () => (await read()).tokens.version === 2)
  })

  it('does not let it be used when it expired while everyone waited', async () => {
    const { clock, pauses, provider, refresh, read, fresh } = await given({ lifeLeft: 1_000 })
    const answer = Promise.withResolvers<TokenSet>()
    provider.answer = () => answer.promise
    const running = refresh(await read())
    await until(() => pauses.length > 0)
    clock.advance('2s')
    pauses[0]?.over()
    answer.resolve(fresh())
    expect((await running)?.tokens.accessToken).to.equal('fresh-access')
  })

  it('and fails when the old token has expired by then is 503, not the old token', async () => {
    const { clock, provider, refresh, read } = await given({ lifeLeft: 1_000 })
    const answer = Promise.withResolvers<TokenSet>()
    provider.answer = () => answer.promise
    const running = refresh(await read()).catch((thrown: unknown) => thrown)
    clock.advance('2s')
    answer.reject(unavailable('KEYCLOAK_UNAVAILABLE', 'away'))
    expect(await running).to.include({ code: 'REFRESH_FAILED', status: 503 })
  })

  it('and failed a moment ago is not tried again by every call, until the token has expired', async () => {
    const { clock, asked, provider, refresh, read, fresh } = await given()
    provider.answer = async () => {
      throw unavailable('KEYCLOAK_UNAVAILABLE', 'away')
    }
    const session = await read()
    for (let i = 0; i < 20; i++) expect(await refresh(session)).to.equal(session)
    expect(asked).to.have.length(1)
    clock.advance('3s')
    expect(await refresh(session)).to.equal(session)
    expect(asked).to.have.length(2)
    provider.answer = async () => fresh()
    clock.advance('8s')
    expect((await refresh(session))?.tokens.accessToken).to.equal('fresh-access')
  })
})

/** Lets everything else run until the condition holds. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setImmediate(resolve))
}
