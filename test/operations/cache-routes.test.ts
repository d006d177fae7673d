import { expect } from 'chai'
import { type GuardedGateway, startGuardedGateway } from '../proxy/guarded-gateway.ts'
import type { RawRequest } from '../support/raw-messages.ts'
import { the } from '../support/the.ts'

const JSON_TYPE = { 'Content-Type': 'application/json' }
const ALL = [
  'jwks',
  'admin_token',
  'user_info',
  'user_lists',
  'groups',
  'roles',
  'introspection',
  'discovery',
  'identity',
  'verified_tokens',
]

/** Bodies that clear nothing, and the field each is refused for. */
const badBodies: readonly (readonly [what: string, body: string, status: number, field?: string])[] = [
  ['no JSON', '{', 400],
  ['half a string', '{"caches":["jwks', 400],
  ['a number', '7', 400],
  ['a string', '"jwks"', 400],
  ['null', 'null', 400],
  ['true', 'true', 400],
  ['a list', '["jwks"]', 400, '(body)'],
  ['an unknown cache', '{"caches":["nonsense"]}', 400, 'caches.0'],
  ['a cache in other case', '{"caches":["JWKS"]}', 400, 'caches.0'],
  ['a good one and a bad one', '{"caches":["jwks",""]}', 400, 'caches.1'],
  ['a name that every object has', '{"caches":["__proto__"]}', 400, 'caches.0'],
  ['no name', '{"caches":[]}', 400, 'caches'],
  ['null for names', '{"caches":null}', 400, 'caches'],
  ['one name', '{"caches":"jwks"}', 400, 'caches'],
  ['names in names', '{"caches":[["jwks"]]}', 400, 'caches.0'],
  ['names as an object', '{"caches":{"0":"jwks"}}', 400, 'caches'],
  ['another member', '{"all":true}', 400, 'all'],
  ['another member beside', '{"caches":["jwks"],"force":1}', 400, 'force'],
  ['a misspelt member', '{"cache":["jwks"]}', 400, 'cache'],
  ['too much', `{"caches":["${'x'.repeat(110_000)}"]}`, 413],
]

describe('The caches', () => {
  let world: GuardedGateway
  before(async () => {
    world = await startGuardedGateway(
      (upstream) => [{ id: 'orders', path: '/orders', upstream, auth: ['session', 'bearer'] }],
      { RATE_LIMIT_AUTH_FAILURES: 'off' },
    )
  })
  after(() => world.stop())

  const admin = () => world.bearer(the.bob())
  const info = async () => {
    const answer = await world.client.ask({ target: '/cache/info', headers: admin() })
    expect(answer.status).to.equal(200)
    return answer.json().data
  }
  const clear = (request: RawRequest = {}) =>
    world.client.ask({
      method: 'POST',
      target: '/cache/clear',
      ...request,
      headers: { ...admin(), ...request.headers },
    })

  it('are shown to an administrator, each with its size, its life and its luck', async () => {
    const data = await info()
    for (const name of ['jwt_cache', 'admin_cache', 'user_info_cache', 'group_cache', 'identity', 'verified_tokens'])
      expect(data[name], name).to.have.all.keys('maxsize', 'ttl', 'current_size', 'hits', 'misses', 'keys')
    expect(data.cache_ttl_config).to.deep.equal({
      jwks_ttl: 600,
      admin_token_ttl: 300,
      user_info_ttl: 300,
      group_ttl: 600,
    })
    expect([data.jwt_cache.maxsize, data.group_cache.maxsize, data.user_info_cache.maxsize]).to.deep.equal([2, 50, 100])
  })

  it('are shown in the envelope, which nobody may store', async () => {
    const answer = await world.client.ask({ target: '/cache/info', headers: admin() })
    const { success, message, metadata } = answer.json()
    expect([success, typeof message, metadata.correlationId]).to.deep.equal([
      true,
      'string',
      answer.header('x-request-id'),
    ])
    expect(answer.header('cache-control')).to.equal('no-store')
  })

  it('count what is found in them and what is not', async () => {
    const headers = world.bearer()
    const before = (await info()).verified_tokens
    await world.client.ask({ target: '/orders', headers })
    await world.client.ask({ target: '/orders', headers })
    const after = (await info()).verified_tokens
    expect(after.hits - before.hits).to.be.at.least(1)
    expect(after.misses - before.misses).to.be.at.least(1)
    expect(after.current_size).to.be.at.least(1)
  })

  it('never show a secret', async () => {
    const token = world.bearer().Authorization.slice('Bearer '.length)
    const { Cookie } = await world.session()
    await world.client.ask({ target: '/orders', headers: { Cookie } })
    const text = JSON.stringify(await info())
    const id = decodeURIComponent(Cookie.slice('cloakroom=s%3A'.length)).split('.')[0] ?? ''
    for (const secret of [token, token.split('.')[2] ?? '', id, 'eyJ']) expect(text).not.to.contain(secret)
    expect(id.length).to.be.greaterThan(20)
  })

  it('are all cleared at once', async () => {
    await world.client.ask({ target: '/orders', headers: world.bearer() })
    const { data, success } = (await clear()).json()
    expect([success, data.instances]).to.deep.equal([true, 1])
    expect(data.cleared).to.have.members(ALL)
    expect(data.message).to.equal('All caches cleared')
    // The very question needs a key and a verified token again.
    const { identity, user_info_cache: users } = await info()
    expect([identity.current_size, users.current_size]).to.deep.equal([0, 0])
  })

  it('are cleared for real: the keys are fetched again', async () => {
    await info()
    const fetched = world.provider.calls('jwks').length
    await info()
    expect(world.provider.calls('jwks').length).to.equal(fetched)
    await clear()
    await info()
    expect(world.provider.calls('jwks').length).to.equal(fetched + 1)
  })

  for (const [names, cleared] of [
    [['jwks'], ['jwks']],
    [['jwt_cache'], ['jwks']],
    [
      ['user_info', 'group_cache'],
      ['user_info', 'groups'],
    ],
    [
      ['identity', 'verified_tokens', 'discovery'],
      ['identity', 'verified_tokens', 'discovery'],
    ],
  ] as const)
    it(`are cleared by name: ${names.join(', ')}`, async () => {
      const answer = await clear({ headers: JSON_TYPE, body: JSON.stringify({ caches: names }) })
      expect(answer.json().data).to.deep.include({ cleared, message: `Cleared: ${cleared.join(', ')}` })
    })

  it('are all cleared by an empty body of either kind', async () => {
    for (const body of ['', '{}'])
      expect((await clear({ headers: JSON_TYPE, body })).json().data.cleared).to.have.members(ALL)
  })

  for (const [what, body, status, field] of badBodies)
    it(`stay as they are for ${what}`, async () => {
      const answer = await clear({ headers: JSON_TYPE, body })
      expect([answer.status, answer.json().success]).to.deep.equal([status, false])
      if (field !== undefined) expect(answer.json().error.details.fields[0].field).to.equal(field)
    })

  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', undefined])
    it(`stay as they are for a body of type ${type}`, async () => {
      const answer = await clear({ headers: { 'Content-Type': type }, body: '{"caches":["jwks"]}' })
      expect([answer.status, answer.json().error.code]).to.deep.equal([415, 'UNSUPPORTED_MEDIA_TYPE'])
    })

  const strangers: readonly (readonly [what: string, status: number, headers: () => Promise<object> | object])[] = [
    ['nobody', 401, () => ({})],
    ['a bad token', 401, () => ({ Authorization: 'Bearer x' })],
    ['somebody without the role', 403, () => world.bearer()],
    [
      'the administrator of a client',
      403,
      () => world.bearer({ ...the.alice(), clientRoles: { 'orders-api': ['admin'] } }),
    ],
    ['a role that sounds alike', 403, () => world.bearer({ ...the.alice(), realmRoles: ['Admin', 'administrator'] })],
    ['a signed-in person without the role', 403, () => world.session()],
  ]
  for (const [what, status, headers] of strangers)
    it(`are nothing for ${what}`, async () => {
      const sent = { 'X-CSRF': '1', ...(await headers()) }
      const asked = await world.client.ask({ target: '/cache/info', headers: sent })
      const told = await world.client.ask({ method: 'POST', target: '/cache/clear', headers: sent })
      expect([asked.status, told.status]).to.deep.equal([status, status])
    })

  it('are nothing for a page of another site, whoever is signed in', async () => {
    const cookie = await world.session()
    const refused = await world.client.ask({ method: 'POST', target: '/cache/clear', headers: cookie })
    expect([refused.status, refused.json().error.code]).to.deep.equal([403, 'CSRF_REJECTED'])
  })

  it('are at these two addresses and no other', async () => {
    for (const target of ['/cache', '/cache/', '/cache/info/', '/cache/Info', '/cache/clear/x', '/CACHE/info'])
      expect((await world.client.ask({ target, headers: admin() })).status, target).to.equal(404)
  })
})
