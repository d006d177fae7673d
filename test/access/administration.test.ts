import type { ServerResponse } from 'node:http'
import { expect } from 'chai'
import type { Request, RequestHandler, Response } from 'express'
import { createGuards } from '../../src/access/guards.ts'
import { type Identity, setIdentity } from '../../src/identity/identity.ts'
import type { GatewayError } from '../../src/platform/errors/gateway-error.ts'
import { attachContext } from '../../src/platform/observability/request-context.ts'
import { fakeRequest } from '../edge/fake-request.ts'
import { contextFor } from '../platform/observability/context-for.ts'
import { the } from '../support/the.ts'

/** What the guard of administration says to somebody who holds these roles. */
async function say(roles: string[], method: string, path: string): Promise<GatewayError | 'passed'> {
  const identity: Identity = { method: 'bearer', ...the.caller(), roles, issuer: 'x', tenant: null, accessToken: 't' }
  const guards = createGuards({
    checkCsrf: () => undefined,
    resolveIdentity(req) {
      setIdentity(req, identity)
      return identity
    },
    askToSignIn: () => undefined,
    turnstile: (go) => go(),
  })
  const req = fakeRequest() as Request
  attachContext(req, contextFor({ method, path }))
  const res: ServerResponse = {} as Response
  return new Promise((resolve) => {
    const unlimited: RequestHandler = (_req, _res, next) => next()
    void guards.administration('/api/v1', unlimited)(req, res as Response, (error?: unknown) =>
      resolve(error === undefined ? 'passed' : (error as GatewayError)),
    )
  })
}

const outcome = async (roles: string[], method: string, path: string) => {
  const said = await say(roles, method, path)
  return said === 'passed' ? said : said.code
}

describe('The guard of administration', () => {
  const auditor = ['realm:auditor']

  it('lets in who has the permission of the endpoint, below the prefix and beside it', async () => {
    expect(await outcome(auditor, 'GET', '/api/v1/admin/audit')).to.equal('passed')
    expect(await outcome(auditor, 'HEAD', '/api/v1/admin/users')).to.equal('passed')
    expect(await outcome(['realm:operator'], 'POST', '/cache/clear')).to.equal('passed')
    expect(await outcome(['realm:admin'], 'DELETE', '/api/v1/admin/users/u1')).to.equal('passed')
  })

  it('keeps out who has another, and names the one that is missing', async () => {
    const said = await say(auditor, 'POST', '/api/v1/admin/users')
    expect(said).to.deep.include({ code: 'INSUFFICIENT_PERMISSIONS', status: 403 })
    expect(said).to.have.deep.property('details', { required: { permission: 'users.write' } })
    expect(said).to.have.nested.property('headers.WWW-Authenticate').that.contains('insufficient_scope')
    expect(await outcome([], 'GET', '/api/v1/admin/users')).to.equal('INSUFFICIENT_PERMISSIONS')
  })

  it('lets only those who may do everything to where the table names nothing', async () => {
    for (const path of ['/api/v1/admin/new-things', '/api/v1/admin/users/u1/', '/api/v1/admin']) {
      expect(await outcome(auditor, 'GET', path), path).to.equal('INSUFFICIENT_PERMISSIONS')
      expect(await outcome(['realm:admin'], 'GET', path), path).to.equal('passed')
    }
  })
})
