import { expect } from 'chai'
import { createForgetOutdated } from '../../src/assembly/forget-outdated.ts'
import { createCacheRegistry } from '../../src/platform/cache/cache-registry.ts'
import { createMemoryCache } from '../../src/platform/cache/memory-cache.ts'
import type { Outdated } from '../../src/revocation/outdated.ts'
import { testClock } from '../support/test-clock.ts'

const NAMES = ['user_info', 'user_lists', 'groups', 'roles', 'introspection']

describe('What was changed at Keycloak itself', () => {
  function start() {
    const registry = createCacheRegistry()
    const caches = NAMES.map((name) =>
      registry.add(createMemoryCache<string>({ name, ttl: 60, maxSize: 99, clock: testClock() })),
    )
    for (const cache of caches)
      for (const key of ['alice', 'bob', 'user alice', 'user bob', 'list 0 20 []']) cache.set(key, 'x')
    const kept = () => Object.fromEntries(caches.map(({ name, info }) => [name, info().keys]))
    const forget = createForgetOutdated(registry)
    return {
      kept,
      forget: (what: Partial<Outdated>) =>
        forget({ people: new Set(), groups: false, roles: false, clients: false, ...what }),
    }
  }

  it('is forgotten of the person it concerns, and of no other; lists as a whole', async () => {
    const { kept, forget } = start()
    await forget({ people: new Set(['alice']) })
    expect(kept()).to.deep.equal({
      user_info: ['bob', 'user alice', 'user bob', 'list 0 20 []'],
      user_lists: [],
      groups: ['alice', 'bob', 'user bob', 'list 0 20 []'],
      roles: ['bob', 'user alice', 'user bob', 'list 0 20 []'],
      introspection: [],
    })
  })

  it('is forgotten as a whole for groups and roles, and for very many people', async () => {
    const { kept, forget } = start()
    await forget({ groups: true })
    expect(kept()).to.deep.include({ groups: [] })
    expect(kept().roles).to.have.length(5)
    await forget({ roles: true })
    expect(kept()).to.deep.include({ roles: [] })
    expect([kept().user_info, kept().user_lists]).to.have.nested.property('[0].length', 5)
    await forget({ clients: true })
    expect(kept()).to.deep.include({ introspection: [] })
    await forget({ people: new Set(Array.from({ length: 51 }, (_, at) => `person-${at}`)) })
    expect(Object.values(kept()).flat()).to.deep.equal([])
  })
})
