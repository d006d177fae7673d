import { expect } from 'chai'
import { openClientsDesk } from './desk-world.ts'
import type { Failure } from './fake-keycloak.ts'

const REGISTRATION = { clientId: 'svc-till', name: 'Till', scopes: ['write', 'staff'] }
const HOW: Failure[] = ['before', 'after']

describe('A change of several steps at Keycloak is complete or undone', () => {
  let desk: Awaited<ReturnType<typeof openClientsDesk>>
  beforeEach(async () => {
    desk = await openClientsDesk()
  })
  afterEach(() => desk.close())

  /** Tries once for each call, with that one failing, until it succeeds. Answers how many calls there are. */
  async function failEachCall(
    how: Failure,
    attempt: () => Promise<{ status: number; code: string }>,
    check: () => void,
  ) {
    for (let nth = 0; ; nth++) {
      desk.fake.fail((_call, at) => (at === nth ? how : undefined))
      const { status, code } = await attempt()
      if (status < 300) return nth
      expect([status, code], `call ${nth} ${how}`).to.deep.equal([503, 'KEYCLOAK_UNAVAILABLE'])
      check()
    }
  }

  for (const how of HOW) {
    it(`a registration, whichever call fails ${how} it is carried out`, async () => {
      const register = () => desk.ask('POST', '', REGISTRATION)
      const before = desk.fake.state()
      const steps = new Set<string>()
      let nth = 0
      for (; nth < 30; nth++) {
        desk.fake.fail((call, at) => {
          if (at !== nth) return undefined
          steps.add(call)
          return how
        })
        const { status, headers } = await register()
        if (status === 201) break
        expect([status, headers.get('retry-after')]).to.deep.equal([503, '5'])
        const left = desk.fake.clients()
        // The last call is only the reading of what is there and complete.
        if ([...steps].at(-1) === 'read')
          expect(left.map(({ pending, enabled }) => [pending, enabled])).to.deep.equal([[null, true]])
        else expect(desk.fake.state(), `call ${nth}`).to.equal(before)
        if ([...steps].at(-1) === 'read') await desk.fake.keycloak.remove(left[0]?.id ?? '')
      }
      expect([...steps]).to.include.members(['create', 'accountOf', 'giveRoles', 'secretOf', 'update'])
      const [client] = desk.fake.clients()
      expect(client).to.deep.include({ clientId: 'svc-till', enabled: true, pending: null })
      expect(desk.fake.rolesOf(client?.account ?? '')).to.deep.equal([
        'role--staff',
        'role-orders-api-reader',
        'role-orders-api-writer',
      ])
    })

    it(`a change of scopes, whichever call fails ${how} it is carried out`, async () => {
      const { client } = (await desk.ask('POST', '', { ...REGISTRATION, scopes: ['write'] })).body.data
      const before = desk.fake.state()
      const change = () =>
        desk.ask('PUT', `/${client.id}/scopes`, { version: client.version, scopes: ['read', 'staff'] })
      let done = false
      for (let nth = 0; nth < 40 && !done; nth++) {
        let failed = ''
        desk.fake.fail((call, at) => {
          if (at !== nth) return undefined
          failed = `${call} as call ${nth}`
          return how
        })
        const { status } = await change()
        desk.fake.heal()
        // Once all steps are done, it is done, even if the answer cannot be read any more.
        done = status === 200 || JSON.stringify(desk.fake.clients()[0]?.scopes).includes('staff')
        if (!done) expect(desk.fake.state(), failed).to.equal(before)
      }
      expect(done).to.equal(true)
      const [now] = desk.fake.clients()
      expect(now?.scopes.filter((name) => ['read', 'write', 'staff'].includes(name))).to.deep.equal(['read', 'staff'])
      expect(desk.fake.rolesOf(now?.account ?? '')).to.deep.equal(['role--staff', 'role-orders-api-reader'])
    })
  }

  it('what cannot even be undone is disabled, shown to nobody, and makes room when it is old', async () => {
    desk.fake.fail((call) => (call === 'secretOf' || call === 'remove' ? 'before' : undefined))
    expect((await desk.ask('POST', '', REGISTRATION)).status).to.equal(503)
    desk.fake.heal()
    const [left] = desk.fake.clients()
    expect(left?.enabled).to.equal(false)
    expect(desk.logged()).to.contain('left behind').and.not.to.contain('secret-1')
    expect((await desk.ask('GET', '')).body.data.total).to.equal(0)
    expect((await desk.ask('GET', `/${left?.id}`)).code).to.equal('CLIENT_NOT_FOUND')
    expect((await desk.ask('POST', '', REGISTRATION)).code).to.equal('CLIENT_EXISTS')
    desk.clock.advance('3m')
    const { status, body } = await desk.ask('POST', '', REGISTRATION)
    expect([status, body.data.client.enabled]).to.deep.equal([201, true])
    expect(desk.fake.clients()).to.have.length(1)
  })

  it('of two that register the same id at once, one does', async () => {
    const both = await Promise.all([desk.ask('POST', '', REGISTRATION), desk.ask('POST', '', REGISTRATION)])
    expect(both.map(({ status }) => status).sort()).to.deep.equal([201, 409])
    expect(desk.fake.clients().map(({ enabled, pending }) => [enabled, pending])).to.deep.equal([[true, null]])
  })

  it('of two that change the same version at once, one does, and the other is told what there is', async () => {
    const { client } = (await desk.ask('POST', '', REGISTRATION)).body.data
    const rename = (name: string) => desk.ask('PATCH', `/${client.id}`, { version: client.version, name })
    const both = await Promise.all([rename('one'), rename('two')])
    expect(both.map(({ status }) => status)).to.deep.equal([200, 409])
    expect(both[1]?.body.error.details.current.name).to.equal('one')
  })

  it('a disabling is repeated until it holds', async () => {
    const { client } = (await desk.ask('POST', '', REGISTRATION)).body.data
    await failEachCall(
      'after',
      () => desk.ask('POST', `/${client.id}/disable`),
      () => undefined,
    )
    expect(desk.fake.clients()[0]?.enabled).to.equal(false)
    expect(desk.ended.at(-1)).to.deep.equal({ account: 'account-1', at: desk.clock.now() })
  })
})
