import { expect } from 'chai'
import { meant, resolved, resolvers } from '../edge/path-resolvers.ts'
import { type GuardedGateway, startGuardedGateway } from '../proxy/guarded-gateway.ts'
import { hostileTargets } from './path-tables.ts'

/** Beside the ambiguous targets: those that mean just what they show, and must open nothing all the same. */
const honestTargets = [
  '/API/admin',
  '/api/ADMIN',
  '/Api/Admin/users',
  '/api/%61dmin',
  '/%61pi/%61dmi%6e',
  '/api/admin/',
  '/api/admin.',
  '/api/admin..',
  '/api/admin.json',
  '/api/admin.css',
  '/api/adminx',
  '/api/admin%20',
  '/api/admin%23',
  '/api/admin%3f',
  '/api/admin%3Fx',
  '/api/%e2%80%aeadmin',
  '/api/~1admin',
  '/api/:id',
  '/api/public?x=/api/admin',
  '/api/public?/../admin',
  '/api/admin?x=/api/public',
  '/__proto__',
  '/constructor',
  '/api/toString',
]
const protectedSegments = ['api', 'admin']

/** Whether some server would take this target for the protected resource or something below it. */
function opensAdmin(target: string): boolean {
  const [path = ''] = target.split('?')
  return Object.values(resolvers).some((resolver) => {
    const segments = resolved(resolver, path) ?? []
    return protectedSegments.every((segment, i) => segments[i]?.toLowerCase().replace(/[. ]+$/, '') === segment)
  })
}

for (const [neighbours, publicPath] of [
  ['a public neighbour', '/api/public'],
  ['everything else public', '/'],
] as const)
  describe(`A protected path with ${neighbours}`, () => {
    let world: GuardedGateway
    before(async () => {
      world = await startGuardedGateway(
        (upstream) => [
          {
            id: 'admin',
            path: '/api/admin',
            upstream,
            auth: ['session', 'bearer'],
            require: { roles: ['realm:admin'] },
          },
          { id: 'public', path: publicPath, upstream, auth: 'none' },
        ],
        { RATE_LIMIT_AUTH_FAILURES: 'off' },
      )
    })
    after(() => world.stop())

    async function statusOf(target: string, headers: Record<string, string> = {}): Promise<number> {
      world.upstream.forget()
      return (await world.client.ask({ target, headers })).status
    }

    // Blanks around a target are no part of it.
    for (const target of hostileTargets.flatMap(([, ...targets]) => targets.filter((text) => text === text.trim())))
      it(`is not reached by ${JSON.stringify(target)}`, async () => {
        expect(await statusOf(target)).to.be.oneOf([400, 501])
        expect(world.upstream.seen).to.deep.equal([])
      })

    for (const target of honestTargets)
      it(`is not opened by ${target}`, async () => {
        const status = await statusOf(target)
        expect(status).to.be.oneOf(publicPath === '/' || target.startsWith('/api/public') ? [200, 401] : [401, 404])
        // With everything else public another case or ending is another resource, which the gateway does not guess at.
        if (publicPath !== '/')
          for (const seen of world.upstream.seen) expect(opensAdmin(seen.target), seen.target).to.equal(false)
        for (const { target: at } of world.upstream.seen)
          expect(meant(at.split('?')[0] ?? '').slice(0, 2)).not.to.deep.equal(protectedSegments)
      })

    const overrides = ['X-Original-URL', 'X-Rewrite-URL', 'X-Forwarded-Uri', 'X-Forwarded-Prefix', 'X-Original-Host']
    for (const name of overrides)
      it(`is not opened by ${name}, nor closed`, async () => {
        expect(await statusOf('/api/public', { [name]: '/api/admin' })).to.equal(200)
        expect(world.upstream.last().target).to.equal('/api/public')
        expect(world.upstream.last().rawHeaders).not.to.include('/api/admin')
        expect(await statusOf('/api/admin', { [name]: '/api/public' })).to.equal(401)
        expect(world.upstream.seen).to.deep.equal([])
      })

    for (const name of ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override'])
      it(`is asked with the method that was sent, whatever ${name} says`, async () => {
        await statusOf('/api/public?_method=DELETE', { [name]: 'DELETE' })
        expect([world.upstream.last().method, world.upstream.last().header(name)]).to.deep.equal(['GET', undefined])
      })

    it('is asked by a service under its one canonical name', async () => {
      for (const target of ['/api/admin/7', '/%61pi/%61dmin/%37']) {
        const { script } = world.provider
        script.person = { ...script.person, realmRoles: ['admin'] }
        expect((await world.client.ask({ target, headers: world.bearer() })).status).to.equal(200)
        expect(world.upstream.last().target).to.equal('/api/admin/7')
      }
    })

    it('leaves the own paths of the gateway alone', async () => {
      for (const target of [
        '/health',
        '/login',
        '/me',
        '/cache/info',
        '/api/v1/admin/users',
        '/api/v1/users/me',
        '/docs/x',
      ]) {
        await statusOf(target)
        expect(world.upstream.seen, target).to.deep.equal([])
      }
    })
  })
