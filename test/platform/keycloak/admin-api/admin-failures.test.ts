import { expect } from 'chai'
import { GatewayError } from '../../../../src/platform/errors/gateway-error.ts'
import { cannedKeycloak, startAdmin } from '../canned-keycloak.ts'

const ada = { id: 'u1', username: 'ada' }
const outcome = (asked: Promise<unknown>) =>
  asked.then(
    () => 'answered',
    (error: unknown) => (error instanceof GatewayError ? error.code : String(error)),
  )

describe("Keycloak's admin API, when it does not do as it is asked,", () => {
  const keycloak = cannedKeycloak()

  const MEANINGS: [status: number, code: string, countsAs: number][] = [
    [400, 'INVALID_REQUEST', 0],
    [403, 'KEYCLOAK_REFUSED', 0],
    [409, 'INTERNAL_ERROR', 0],
    [418, 'INTERNAL_ERROR', 0],
    [429, 'KEYCLOAK_UNAVAILABLE', 0],
    [500, 'KEYCLOAK_UNAVAILABLE', 2],
    [502, 'KEYCLOAK_UNAVAILABLE', 2],
    [503, 'KEYCLOAK_UNAVAILABLE', 2],
  ]
  for (const [status, code, failures] of MEANINGS) {
    it(`${status} means ${code}, and ${failures === 0 ? 'is an answer' : 'is tried once more and counts'}`, async () => {
      const error = { error: 'canary', errorMessage: 'canary' }
      keycloak.admin().get('/users/u1').times(2).reply(status, error)
      const { admin, guard } = startAdmin()
      const thrown = (await admin.user('u1').catch((failed: unknown) => failed)) as GatewayError
      expect(thrown.code).to.equal(code)
      expect(JSON.stringify([thrown.message, thrown.details])).not.to.contain('canary')
      expect('Retry-After' in thrown.headers).to.equal(code === 'KEYCLOAK_UNAVAILABLE')
      expect(guard.state().failures).to.equal(failures)
    })
  }

  it('tells the operator where to look when the service account may not', async () => {
    keycloak.admin().get('/users/u1').reply(403, {})
    const thrown = (await startAdmin()
      .admin.user('u1')
      .catch((failed: unknown) => failed)) as GatewayError
    expect(thrown.reason).to.equal('the admin API answered 403: look at the roles of the service account')
  })

  it('gets over one hiccup without anybody noticing', async () => {
    keycloak.admin().get('/users/u1').reply(503, '<h1>starting</h1>')
    keycloak.admin().get('/users/u1').reply(200, ada)
    const { admin, guard } = startAdmin()
    expect((await admin.user('u1')).id).to.equal('u1')
    expect(guard.state()).to.include({ state: 'closed', failures: 1 })
  })

  it('that is away is unavailable, and after five failures is left alone for a while', async () => {
    const { admin, guard } = startAdmin()
    keycloak
      .admin()
      .get(/.*/)
      .times(5)
      .replyWithError(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }))
    for (const id of ['a', 'b', 'c']) expect(await outcome(admin.user(id))).to.equal('KEYCLOAK_UNAVAILABLE')
    expect(guard.state().state).to.equal('open')
    const spare = keycloak.admin().get('/users/u1').reply(200, ada)
    const thrown = (await admin.user('u1').catch((failed: unknown) => failed)) as GatewayError
    expect(thrown).to.include({ code: 'KEYCLOAK_UNAVAILABLE', status: 503 })
    expect(thrown.headers['Retry-After']).to.match(/^\d+$/)
    expect(spare.isDone()).to.equal(false)
  })

  it('goes on answering from the cache while it is away', async () => {
    keycloak.admin().get('/users/u1').reply(200, ada)
    const { admin } = startAdmin()
    await admin.user('u1')
    keycloak.admin().get(/.*/).times(9).reply(500)
    for (const id of ['a', 'b', 'c']) await outcome(admin.user(id))
    expect((await admin.user('u1')).username).to.equal('ada')
  })

  const STRANGE: [what: string, body: string][] = [
    ['an HTML page', '<html>Please sign in</html>'],
    ['a text', '"users"'],
    ['nothing', ''],
    ['a number', '7'],
    ['null', 'null'],
  ]
  for (const [what, body] of STRANGE) {
    it(`that answers with ${what} where a list belongs is unavailable, not a bug`, async () => {
      keycloak.admin().get(/.*/).times(20).query(true).reply(200, body)
      const { admin } = startAdmin()
      expect(await outcome(admin.findUsers({ first: 0, max: 20 }))).to.equal('KEYCLOAK_UNAVAILABLE')
      expect(await outcome(startAdmin().admin.groups({ first: 0, max: 20 }))).to.equal('KEYCLOAK_UNAVAILABLE')
      expect(await outcome(startAdmin().admin.groupsOfUser('u1'))).to.equal('KEYCLOAK_UNAVAILABLE')
      const user = await outcome(startAdmin().admin.user('u1'))
      expect(user).to.equal(body === 'null' ? 'USER_NOT_FOUND' : 'KEYCLOAK_UNAVAILABLE')
    })
  }
})
