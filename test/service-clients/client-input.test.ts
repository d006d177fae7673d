import { expect } from 'chai'
import fc from 'fast-check'
import { serviceClientOperations } from '../../src/service-clients/service-client-operations.ts'
import { openClientsDesk } from './desk-world.ts'
import { byUrl, REFUSED_REGISTRATIONS } from './refused-registrations.ts'

const VERSION = 'v'.repeat(22)
/** Addresses of keys to which Keycloak must not be sent. */
const ADDRESSES = [
  'http://keys.test/jwks',
  'https://evil.test/jwks',
  'https://keys.test.evil.test/',
  'https://keys.test@evil.test/',
  'https://evil.test#@keys.test/',
  'https://keys.test\\@evil.test/',
  'https://keys.test:444/jwks',
  'https://keys.test/jwks?x=1',
  'https://keys.test/jwks#x',
  'https://KEYS.test/jwks',
  'https://keys.test/../jwks',
  'https://127.0.0.1/',
  'https://[::1]/',
  'https://169.254.169.254/latest/meta-data',
  'file:///etc/passwd',
  'https://keys.test/ä',
  ' https://keys.test/jwks',
  'keys.test/jwks',
  '',
  7,
]

describe('Bad input about service clients', () => {
  let desk: Awaited<ReturnType<typeof openClientsDesk>>
  before(async () => {
    desk = await openClientsDesk()
  })
  after(() => desk.close())
  beforeEach(() => {
    desk.fake.asked.length = 0
  })
  const fieldsOf = (body: { error?: { details?: { fields?: { field: string }[] } } }) =>
    [...new Set(body.error?.details?.fields?.map(({ field }) => field))].sort()
  const nothingWritten = () =>
    expect(desk.fake.asked.filter((call) => !['scopeIds', 'rolesOfScope', 'read'].includes(call))).to.deep.equal([])

  for (const [what, body, ...fields] of REFUSED_REGISTRATIONS) {
    it(`a registration with ${what} is refused by name`, async () => {
      const answer = await desk.ask('POST', '', body)
      expect([answer.status, answer.code], JSON.stringify(answer.body)).to.deep.equal([400, 'INVALID_REQUEST'])
      expect(fieldsOf(answer.body)).to.deep.equal(fields.sort())
      nothingWritten()
    })
  }

  it('keys are fetched from hosts of the settings alone', async () => {
    for (const address of ADDRESSES) {
      const answer = await desk.ask('POST', '', byUrl(address))
      expect([answer.status, fieldsOf(answer.body)], String(address)).to.deep.equal([400, ['jwksUrl']])
    }
    nothingWritten()
    for (const address of ['https://keys.test/jwks', 'https://keys.test:8443/a/b.json'])
      expect((await desk.ask('POST', '', byUrl(address))).status, address).to.equal(201)
  })

  it('what is no JSON, too large, of another type or in a query is refused', async () => {
    const rows: [body: unknown, type: string, status: number][] = [
      ['{"name":', 'application/json', 400],
      ['"text"', 'application/json', 400],
      ['null', 'application/json', 400],
      ['{}', 'text/plain', 415],
      ['name=x', 'application/x-www-form-urlencoded', 415],
      [JSON.stringify({ name: 'x'.repeat(110_000) }), 'application/json', 413],
    ]
    for (const [body, type, status] of rows) expect((await desk.ask('POST', '', body, type)).status).to.equal(status)
    expect((await desk.ask('POST', '?dryRun=true', {})).status).to.equal(400)
    nothingWritten()
  })

  it('and the description of every write says so of other types', () => {
    for (const { method, id, errors } of serviceClientOperations)
      if (method !== 'get') expect(errors, id).to.include.members(['UNSUPPORTED_MEDIA_TYPE', 'PAYLOAD_TOO_LARGE'])
  })

  it('a member that comes twice is refused, however it is written', async () => {
    for (const [body, field] of [
      ['{"name":"a","name":"b"}', 'name'],
      ['{"name":"a","\\u006eame":"b"}', 'name'],
      ['{"authentication":"private_key_jwt","jwks":{"keys":[],"keys":[]}}', 'keys'],
    ]) {
      const answer = await desk.ask('POST', '', body)
      expect([answer.status, fieldsOf(answer.body)]).to.deep.equal([400, [field]])
    }
    nothingWritten()
  })

  it('lists, ids, versions and bodies where there should be none', async () => {
    const rows: [method: string, path: string, body: unknown, field: string][] = [
      ['GET', '?max=101', undefined, 'max'],
      ['GET', '?search=', undefined, 'search'],
      ['GET', '?search=a&search=b', undefined, 'search'],
      ['GET', '?all=1', undefined, 'all'],
      ['GET', '/a%2Fb', undefined, 'id'],
      ['GET', `/${'a'.repeat(65)}`, undefined, 'id'],
      ['DELETE', '/..%2Fx', undefined, 'id'],
      ['PATCH', '/id-1', { name: 'x' }, 'version'],
      ['PATCH', '/id-1', { version: VERSION }, '(body)'],
      ['PATCH', '/id-1', { version: 'short', name: 'x' }, 'version'],
      ['PATCH', '/id-1', { version: VERSION, name: 'x', clientId: 'svc-other' }, 'clientId'],
      ['PATCH', '/id-1', { version: VERSION, name: 'x', enabled: true }, 'enabled'],
      ['PUT', '/id-1/scopes', { scopes: [] }, 'version'],
      ['PUT', '/id-1/scopes', { version: VERSION }, 'scopes'],
      ['POST', '/id-1/secret', { secret: 'mine' }, 'secret'],
      ['POST', '/id-1/enable?force=1', undefined, 'force'],
      ['GET', '/id-1?fields=name', undefined, 'fields'],
      ['PATCH', '/id-1?dryRun=true', { version: VERSION, name: 'x' }, 'dryRun'],
      ['PUT', '/id-1/scopes?dryRun=true', { version: VERSION, scopes: [] }, 'dryRun'],
    ]
    for (const [method, path, body, field] of rows) {
      const answer = await desk.ask(method, path, body)
      expect([answer.status, fieldsOf(answer.body)], `${method} ${path}`).to.deep.equal([400, [field]])
    }
    nothingWritten()
  })

  it('other methods and addresses', async () => {
    for (const [method, path, allow] of [
      ['PUT', '', 'GET, HEAD, POST'],
      ['POST', '/id-1', 'GET, HEAD, PATCH, DELETE'],
      ['GET', '/id-1/secret', 'POST'],
      ['GET', '/id-1/scopes', 'PUT'],
      ['GET', '/id-1/disable', 'POST'],
    ] as const) {
      const answer = await desk.ask(method, path)
      expect([answer.status, answer.headers.get('allow')]).to.deep.equal([405, allow])
    }
    for (const path of ['/id-1/', '/id-1/Secret', '/id-1/secret/x'])
      expect((await desk.ask('GET', path)).status).to.equal(404)
  })

  it('whatever comes as a registration is an answer below 500, and never more than a service client', async () => {
    const member = fc.constantFrom(
      'clientId',
      'name',
      'description',
      'scopes',
      'lifetimeSeconds',
      'authentication',
      'jwks',
      '__proto__',
      'enabled',
    )
    const value = fc.oneof(
      fc.jsonValue(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('svc-x', 'read', 60, null, ['read']),
    )
    await fc.assert(
      fc.asyncProperty(fc.dictionary(member, value, { maxKeys: 4 }), async (body) => {
        const { status } = await desk.ask('POST', '', body)
        expect(status).to.be.lessThan(500)
      }),
      { numRuns: 150 },
    )
  })

  it('is answered 501 where no account for it is configured', async () => {
    const without = await openClientsDesk({ off: true })
    for (const [method, path, body] of [
      ['GET', ''],
      ['POST', '', {}],
      ['GET', '/id-1'],
      ['POST', '/id-1/secret'],
    ] as const)
      expect((await without.ask(method, path, body)).code).to.equal('KEYCLOAK_REQUIRED')
    without.close()
  })
})
