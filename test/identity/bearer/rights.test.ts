import { expect } from 'chai'
import { type Scene, setScene } from '../../support/scene.ts'

describe('a bearer token', () => {
  let scene: Scene
  before(async () => {
    scene = await setScene()
  })
  after(() => scene.stop())
  beforeEach(() => {
    scene.provider.reset()
    scene.api.forget()
  })

  describe('that is good but not enough is 403', () => {
    const rights: [path: string, enough: Record<string, unknown>, short: Record<string, unknown>[], scope: string][] = [
      [
        '/api/staff',
        { realm_access: { roles: ['admin'] } },
        [
          {},
          { realm_access: { roles: ['Admin'] } },
          { realm_access: { roles: ['admin '] } },
          { realm_access: { roles: ['аdmin'] } },
          { realm_access: { roles: 'admin' } },
          { realm_access: { roles: { admin: true } } },
          { realm_access: { roles: [['admin']] } },
          { realm_access: ['admin'] },
          { realm_access: null },
          { realm_access: 'admin' },
          { roles: ['admin'] },
          { groups: ['admin', 'realm:admin'] },
          { scope: 'admin realm:admin' },
          { resource_access: { realm: { roles: ['admin'] } } },
          { resource_access: { 'orders-api': { roles: ['admin'] } } },
        ],
        '',
      ],
      [
        '/api/readers',
        {},
        [
          { resource_access: {} },
          { resource_access: undefined },
          { resource_access: { 'another-api': { roles: ['reader'] } } },
          { resource_access: { 'orders-api': { roles: 'reader' } } },
          { resource_access: { 'client:orders-api': { roles: ['reader'] } } },
          { resource_access: [{ 'orders-api': { roles: ['reader'] } }] },
          { resource_access: undefined, realm_access: { roles: ['client:orders-api:reader', 'reader'] } },
        ],
        '',
      ],
      [
        '/api/scoped',
        {},
        [
          { scope: undefined },
          { scope: '' },
          { scope: 'orders.reader' },
          { scope: 'orders' },
          { scope: 'ORDERS.READ' },
          { scope: 'orders.write,orders.read' },
          { scope: ['orders.read'] },
          { scope: 5 },
          { scp: 'orders.read', scope: 'openid' },
        ],
        ', scope="orders.read"',
      ],
      [
        '/api/support',
        {},
        [
          { groups: [] },
          { groups: undefined },
          { groups: ['/staff'] },
          { groups: ['staff/support'] },
          { groups: ['/staff/support/'] },
          { groups: ['/staff/support/deep'] },
          { groups: '/staff/support' },
        ],
        '',
      ],
    ]
    for (const [path, enough, short, scope] of rights) {
      it(`on ${path}`, async () => {
        expect((await scene.bearer(scene.provider.accessToken({ claims: enough }), path)).status).to.equal(200)
        scene.api.forget()
        for (const claims of short) {
          const page = await scene.bearer(scene.provider.accessToken({ claims }), path)
          expect(page.status, JSON.stringify(claims)).to.equal(403)
          expect(page.json().error.code).to.equal('INSUFFICIENT_PERMISSIONS')
          expect(page.header('www-authenticate')).to.equal(
            `Bearer realm="cloakroom", error="insufficient_scope"${scope}`,
          )
        }
        expect(scene.api.seen).to.deep.equal([])
      })
    }
  })
})
