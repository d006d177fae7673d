import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import express, { type ErrorRequestHandler, type RequestHandler } from 'express'
import { groupRoutes } from '../../../src/admin/groups/group-routes.ts'
import { failure } from '../../../src/platform/errors/envelope.ts'
import { fromStranger } from '../../../src/platform/errors/from-stranger.ts'
import { GatewayError } from '../../../src/platform/errors/gateway-error.ts'
import type { KeycloakAdmin } from '../../../src/platform/keycloak/keycloak-admin.ts'
import { attachContext } from '../../../src/platform/observability/request-context.ts'
import { contextFor } from '../../platform/observability/context-for.ts'
import { fakeKeycloakAdmin, userNamed } from '../fake-keycloak-admin.ts'

interface Answer {
  status: number
  allow: string | null
  body: {
    success: boolean
    message?: string
    data?: Record<string, unknown>
    error?: { code: string; details: { fields?: { field: string; problem: string }[] } }
    metadata: { correlationId: string }
  }
}

describe('The administration of groups', () => {
  const people = Array.from({ length: 45 }, (_, at) => userNamed(`user${at}`))
  const groups = ['staff', 'support'].map((name) => ({ id: name, name, path: `/${name}`, subGroups: [] }))
  let server: Server | undefined

  afterEach(() => {
    server?.close()
    server?.closeAllConnections()
  })

  async function start(admin: KeycloakAdmin | undefined) {
    const arrive: RequestHandler = (req, _res, next) => {
      attachContext(req, contextFor({ requestId: 'req-9' }))
      next()
    }
    const onError: ErrorRequestHandler = (thrown, _req, res, _next) => {
      const error = fromStranger(thrown)
      res.status(error.status).set(error.headers).json(failure(error, 'req-9'))
    }
    const app = express().use(arrive).use('/admin', groupRoutes(admin))
    app.use(() => {
      throw new GatewayError('NOT_FOUND')
    })
    app.use(onError)
    server = app.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/admin`
    return async (path: string, method = 'GET'): Promise<Answer> => {
      const answer = await fetch(url + path, { method })
      const body = (await answer.json()) as Answer['body']
      return { status: answer.status, allow: answer.headers.get('allow'), body }
    }
  }

  it('lists groups by pages, twenty at a time unless it is told otherwise', async () => {
    const many = Array.from({ length: 45 }, (_, at) => ({
      id: `g${at}`,
      name: `g${at}`,
      path: `/g${at}`,
      subGroups: [],
    }))
    const get = await start(fakeKeycloakAdmin(people, many))
    const { status, body } = await get('/groups')
    expect(status).to.equal(200)
    expect(body).to.deep.include({ success: true, message: 'Groups found' })
    expect(body.metadata.correlationId).to.equal('req-9')
    expect(body.data).to.deep.equal({ groups: many.slice(0, 20), total: 45, first: 0, max: 20 })
    expect((await get('/groups?first=40&max=100')).body.data).to.deep.include({ groups: many.slice(40), total: 45 })
  })

  it('searches groups', async () => {
    const admin = fakeKeycloakAdmin(people, groups)
    const get = await start(admin)
    expect((await get('/groups?search=supp&max=5')).body.data).to.deep.include({ groups: [groups[1]], total: 1 })
    await get(`/groups?search=${encodeURIComponent("o'neil & sön%")}`)
    expect(admin.asked[1]).to.equal(`groups {"first":0,"max":20,"search":"o'neil & sön%"}`)
  })

  it('shows the groups of one user', async () => {
    const get = await start(fakeKeycloakAdmin(people, groups))
    expect((await get('/users/id-of-user7/groups')).body.data).to.deep.equal({ groups })
  })

  it('says when there is no such user', async () => {
    const get = await start(fakeKeycloakAdmin(people))
    const { status, body } = await get('/users/nobody/groups')
    expect([status, body.error?.code]).to.deep.equal([404, 'USER_NOT_FOUND'])
  })

  const REFUSED: [what: string, path: string, field: string][] = [
    ['a page before the first', '/groups?first=-1', 'first'],
    ['a page that is a word', '/groups?first=one', 'first'],
    ['a page too large', '/groups?max=101', 'max'],
    ['a page of nothing', '/groups?max=0', 'max'],
    ['an empty search', '/groups?search=', 'search'],
    ['a search without end', `/groups?search=${'x'.repeat(256)}`, 'search'],
    ['a parameter that comes twice', '/groups?search=a&search=b', 'search'],
    ['a page that comes twice', '/groups?max=1&max=2', 'max'],
    ['a parameter nobody knows', '/groups?brief=true', 'brief'],
    ['a parameter with a member', '/groups?search[a]=b', 'search[a]'],
    ['an id of dots', '/users/.../groups', 'id'],
    ['an id with a slash in it', '/users/a%2Fb/groups', 'id'],
    ['an id with a blank', '/users/a%20b/groups', 'id'],
    ['an id without end', `/users/${'a'.repeat(65)}/groups`, 'id'],
    ['an id in other letters', '/users/%D0%B0dmin/groups', 'id'],
  ]
  for (const [what, path, field] of REFUSED) {
    it(`refuses ${what}, names the field, and asks Keycloak nothing`, async () => {
      const admin = fakeKeycloakAdmin(people)
      const { status, body } = await (await start(admin))(path)
      expect(status).to.equal(400)
      expect(body.error?.code).to.equal('INVALID_REQUEST')
      expect(body.error?.details.fields?.map((wrong) => wrong.field)).to.deep.equal([field])
      expect(admin.asked).to.deep.equal([])
    })
  }

  it('says which methods there are', async () => {
    const get = await start(fakeKeycloakAdmin(people))
    for (const path of ['/users/id-of-user7/groups', '/groups']) {
      const { status, allow, body } = await get(path, 'DELETE')
      expect([status, allow, body.error?.code], path).to.deep.equal([405, 'GET, HEAD', 'METHOD_NOT_ALLOWED'])
    }
  })

  it('knows its addresses letter by letter', async () => {
    const get = await start(fakeKeycloakAdmin(people))
    for (const path of ['/Groups', '/groups/', '/users/id-of-user7/groups/', '/groups/x', '/'])
      expect((await get(path)).status, path).to.equal(404)
  })

  it('answers 501 where no Keycloak is to be administered', async () => {
    const get = await start(undefined)
    for (const path of ['/users/u/groups', '/groups']) {
      const { status, body } = await get(path)
      expect(status).to.equal(501)
      expect(body.error?.code).to.equal('KEYCLOAK_REQUIRED')
    }
  })
})
