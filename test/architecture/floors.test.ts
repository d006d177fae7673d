import { expect } from 'chai'
import {
  ADMIN_FLOORS,
  FLOORS,
  IDENTITY_FLOORS,
  KEYCLOAK_FLOORS,
  PROXY_FLOORS,
  partOf,
  roomOf,
  whyNot,
} from './floors.ts'
import { readSourceTree } from './source-tree.ts'

describe('the floors of the house', () => {
  const files = readSourceTree('src')

  it('reads the real tree, types included', () => {
    const app = files.find(({ path }) => path === 'src/app.ts')
    expect(app?.imports).to.include.members(['src/mount.ts', 'src/access/guards.ts'])
    expect(files.length).to.be.greaterThan(100)
  })

  it('has a floor for every room', () => {
    const known = new Set(FLOORS.flat())
    const homeless = files.map(({ path }) => roomOf(path)).filter((room) => !known.has(room))
    expect(homeless, 'give these a floor in test/architecture/floors.ts').to.deep.equal([])
  })

  it('imports downward only; rooms on one floor are strangers', () => {
    const offences = files.flatMap(({ path, imports }) =>
      imports.flatMap((imported) => {
        const reason = whyNot(path, imported, FLOORS, roomOf)
        return reason === undefined ? [] : [`${path} imports ${imported}: ${reason}`]
      }),
    )
    expect(offences).to.deep.equal([])
  })

  for (const [room, floors] of [
    ['identity', IDENTITY_FLOORS],
    ['admin', ADMIN_FLOORS],
    ['proxy', PROXY_FLOORS],
    ['platform/keycloak', KEYCLOAK_FLOORS],
  ] as const) {
    it(`keeps the parts of ${room} apart`, () => {
      const inside = (path: string) => roomOf(path) === room
      const offences = files
        .filter(({ path }) => inside(path))
        .flatMap(({ path, imports }) =>
          imports.filter(inside).flatMap((imported) => {
            const reason = whyNot(path, imported, floors, partOf)
            return reason === undefined ? [] : [`${path} imports ${imported}: ${reason}`]
          }),
        )
      expect(offences).to.deep.equal([])
    })
  }

  it('lets nothing in src depend on tests, scripts or the stand-in', () => {
    const strangers = files.flatMap(({ path, imports }) =>
      imports.filter((imported) => !imported.startsWith('src/')).map((imported) => `${path} imports ${imported}`),
    )
    expect(strangers).to.deep.equal([])
  })

  describe('judges', () => {
    const cases: [from: string, to: string, allowed: boolean][] = [
      ['src/app.ts', 'src/proxy/limits.ts', true],
      ['src/proxy/limits.ts', 'src/app.ts', false],
      ['src/login/logout.ts', 'src/proxy/limits.ts', false],
      ['src/edge/cors.ts', 'src/tenancy/tenant.ts', false],
      ['src/platform/errors/envelope.ts', 'src/platform/observability/log.ts', false],
      ['src/platform/oidc/key-set.ts', 'src/platform/cache/cache.ts', true],
      ['src/platform/cache/cache.ts', 'src/platform/oidc/key-set.ts', false],
      ['src/edge/cors.ts', 'src/edge/csrf.ts', true],
      ['src/edge/cors.ts', 'src/attic/box.ts', false],
    ]
    for (const [from, to, allowed] of cases) {
      it(`${from} → ${to}: ${allowed ? 'fine' : 'refused'}`, () => {
        expect(whyNot(from, to, FLOORS, roomOf) === undefined).to.equal(allowed)
      })
    }
  })
})
