import { expect } from 'chai'
import { type Desk, openDesk } from './session-desk-world.ts'

const ID = 'A'.repeat(43)
const LONG = 'x'.repeat(300)
const PAGES: [query: string, fields: string[]][] = [
  ['first=-1', ['first']],
  ['first=1.5', ['first']],
  ['max=0', ['max']],
  ['max=101', ['max']],
  ['first=1&first=2', ['first']],
  ['max[]=1', ['max[]']],
  ['__proto__=1&first=x', ['first']],
  ['constructor=1', ['constructor']],
  ['userId=bob', ['userId']],
]
const IDS = ['...', 'a%20b', '__proto__', 'constructor', 'sso-', `sso-${ID}A`, `${ID}A`, ID.slice(1), `${ID}%0a`]
const FILTERS: [query: string, fields: string[]][] = [
  ['', ['sid']],
  ['sid=a&tenant=b', ['sid']],
  ['sid=', ['sid']],
  ['tenant=', ['tenant']],
  [`sid=${LONG}`, ['sid']],
  ['sid=a%20b', ['sid']],
  ['tenant=%C3%A4', ['tenant']],
  ['sid=a&sid=b', ['sid']],
  ['sid[a]=b', ['sid[a]']],
]

describe('What cannot be meant at the session desks', () => {
  let desk: Desk
  before(async () => {
    desk = await openDesk()
    await desk.signIn('a')
    desk.bySession('a')
  })
  after(() => desk.close())
  async function refused(path: string, method: string, fields?: string[]) {
    const { status, body } = await desk.ask(path, method)
    expect([status, body.error?.code], path).to.deep.equal([400, 'INVALID_REQUEST'])
    const named = body.error.details.fields.map(({ field }: { field: string }) => field)
    if (fields !== undefined) expect(named).to.include.members(fields)
    expect(desk.ended).to.deep.equal([])
  }

  for (const [query, fields] of PAGES) {
    it(`is the page ?${query}`, async () => {
      await refused(`/me/sessions?${query}`, 'GET', fields)
      await refused(`/admin/users/alice/sessions?${query}`, 'GET', fields)
      await refused(`/admin/sessions?sid=a&${query}`, 'GET', fields)
    })
  }

  for (const id of IDS) {
    it(`is the id ${id.slice(0, 20)}`, async () => {
      await refused(`/me/sessions/${id}`, 'DELETE', ['id'])
      await refused(`/admin/sessions/${id}`, 'DELETE', ['id'])
    })
  }

  for (const id of ['...', 'a%20b', 'a%2Fb', LONG, '%D0%B0dmin']) {
    it(`is the user ${id.slice(0, 20)}`, async () => {
      for (const method of ['GET', 'DELETE']) await refused(`/admin/users/${id}/sessions`, method, ['id'])
    })
  }

  for (const [query, fields] of FILTERS) {
    it(`is the choice ?${query.slice(0, 20)}`, async () => {
      for (const method of ['GET', 'DELETE']) await refused(`/admin/sessions?${query}`, method, fields)
    })
  }

  it('is an ending with a query, which might have been meant as a choice', async () => {
    for (const path of ['/me/sessions?all=true', `/me/sessions/${ID}?first=1`, '/admin/users/alice/sessions?sid=a'])
      await refused(path, 'DELETE')
  })

  it('is another method', async () => {
    const lists = ['/me/sessions', '/admin/users/alice/sessions', '/admin/sessions']
    for (const path of lists) {
      const { status, headers } = await desk.ask(path, 'POST')
      expect([status, headers.get('allow')], path).to.deep.equal([405, 'GET, HEAD, DELETE'])
    }
    for (const path of [`/me/sessions/${ID}`, `/admin/sessions/${ID}`]) {
      const { status, headers } = await desk.ask(path)
      expect([status, headers.get('allow')], path).to.deep.equal([405, 'DELETE'])
    }
  })

  it('is an address in other letters', async () => {
    for (const path of ['/me/Sessions', '/me/sessions/', '/admin/sessions/', '/admin/users/alice/sessions/'])
      expect((await desk.ask(path)).status, path).to.equal(404)
  })
})
