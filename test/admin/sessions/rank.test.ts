import { expect } from 'chai'
import { publicSessionId } from '../../../src/identity/session/public-session-id.ts'
import { type Desk, openDesk } from '../../account/session-desk-world.ts'
import type { RealmPlan } from '../fake-realm.ts'

const REALM: RealmPlan = {
  roles: { 'realm:admin': [], 'realm:user-admin': [], 'client:realm-management:view-users': [] },
  people: {
    ada: { roles: ['realm:admin'] },
    eve: { roles: ['realm:admin', 'client:realm-management:view-users'] },
    helen: { roles: ['realm:user-admin'] },
    'service-account-shop': {},
    alice: {},
    bob: {},
  },
}

describe('Whose sessions an administrator may end', () => {
  let desk: Desk
  beforeEach(async () => {
    desk = await openDesk({ realm: REALM })
    for (const person of Object.keys(REALM.people ?? {})) await desk.signIn(`of-${person}`, person, { tenant: 'acme' })
  })
  afterEach(() => desk.close())

  const as = (person: string, roles?: string[]) => desk.bySession(`of-${person}`, person, roles)
  const all = (person: string) => `/admin/users/${person}/sessions`
  const one = (person: string) => `/admin/sessions/${publicSessionId(`of-${person}`)}`
  const bySid = (person: string) => `/admin/sessions?sid=sid-of-of-${person}`
  const end = async (path: string) => {
    const { status, body } = await desk.ask(path, 'DELETE')
    return status === 200 ? 'ended' : (body.error.details.rule ?? body.error.code)
  }
  const lives = async (person: string) => (await desk.store.read(`of-${person}`)) !== undefined

  const ROWS: [by: string, whose: string, outcome: string][] = [
    ['helen', 'alice', 'ended'],
    ['helen', 'helen', 'ended'],
    ['helen', 'ada', 'higher-rank'],
    ['helen', 'eve', 'realm-management'],
    ['helen', 'service-account-shop', 'service-account'],
    ['ada', 'helen', 'ended'],
    ['ada', 'ada', 'ended'],
    ['ada', 'eve', 'realm-management'],
    ['eve', 'eve', 'ended'],
    ['alice', 'bob', 'permission'],
  ]
  for (const [by, whose, outcome] of ROWS)
    it(`${by} and the sessions of ${by === whose ? 'the same' : whose}: ${outcome}`, async () => {
      for (const path of [all(whose), one(whose), bySid(whose)]) {
        await desk.signIn(`of-${whose}`, whose, { tenant: 'acme' })
        as(by)
        expect(await end(path), path).to.equal(outcome)
        expect(await lives(whose), path).to.equal(outcome !== 'ended')
      }
    })

  it('is judged by what Keycloak says now, not by the token alone', async () => {
    as('bob', ['realm:user-admin'])
    expect(await end(all('alice'))).to.equal('permission')
    expect(await lives('alice')).to.equal(true)
  })

  it('writes down who was refused, and ends nothing', async () => {
    as('helen')
    await end(all('ada'))
    await end(one('ada'))
    expect(
      desk.audited.map(({ action, outcome, target, after }) => [action, outcome, target?.id, after]),
    ).to.deep.equal([
      ['session.end-all', 'refused', 'ada', { error: 'INSUFFICIENT_PERMISSIONS' }],
      ['session.end', 'refused', publicSessionId('of-ada'), { error: 'INSUFFICIENT_PERMISSIONS' }],
    ])
    expect(desk.ended).to.deep.equal([])
  })

  it('lets full administrators alone end what is of many people, or of nobody that is known', async () => {
    desk.keycloak.open('bob', 'elsewhere')
    as('helen')
    expect(await end('/admin/sessions?tenant=acme')).to.equal('permission')
    expect(await end('/admin/sessions?sid=elsewhere')).to.equal('permission')
    expect(desk.ended).to.deep.equal([])
    as('ada')
    expect(await end('/admin/sessions?sid=elsewhere')).to.equal('ended')
    expect(await end('/admin/sessions?tenant=acme')).to.equal('ended')
    expect(desk.ended).to.have.length(6)
  })

  it('ends the sessions of a person whom Keycloak has lost', async () => {
    await desk.signIn('of-nobody', 'nobody')
    as('helen')
    expect(await end(one('nobody'))).to.equal('ended')
  })

  for (const how of ['away', 'refuses'] as const)
    it(`is for full administrators alone while Keycloak ${how === 'away' ? 'is away' : 'refuses to tell'}`, async () => {
      desk.keycloak.fail(how)
      as('helen')
      expect(await end(all('alice'))).to.equal(how === 'away' ? 'KEYCLOAK_UNAVAILABLE' : 'KEYCLOAK_REFUSED')
      expect(await lives('alice')).to.equal(true)
      as('ada')
      expect(await end(all('alice'))).to.equal('ended')
    })
})
