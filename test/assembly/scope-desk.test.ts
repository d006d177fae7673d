import { expect } from 'chai'
import { setScene } from '../support/scene.ts'
import { the } from '../support/the.ts'

const AT = '/api/v1/admin/scopes'
const ONE = `${AT}/8e4659ce-2838-4279-a663-dae15c3738be`
const version = 'aaaaaa'
const READS = [AT, ONE, `${ONE}/roles`, `${ONE}/clients`].map((path) => ['GET', path, undefined] as const)
const WRITES = [
  ['POST', AT, { name: 'reports.read' }],
  ['PATCH', ONE, { description: 'x' }],
  ['PUT', `${ONE}/roles`, { roles: [], version }],
  ['DELETE', ONE, undefined],
] as const
const ADMIN = { KEYCLOAK_ADMIN_CLIENT_ID: 'cloakroom-admin', KEYCLOAK_ADMIN_CLIENT_SECRET: 'q8ZfWv2n' }

describe('Scopes at a gateway without a service account for them', () => {
  for (const [setting, env, calls] of [
    ['KEYCLOAK_ADMIN_CLIENT_ID', {}, [...READS, ...WRITES]],
    ['KEYCLOAK_CLIENTS_CLIENT_ID', ADMIN, WRITES],
  ] as const)
    it(`answer 501, and the log names ${setting}`, async () => {
      const scene = await setScene({ env })
      try {
        scene.provider.script.person = { ...the.alice(), realmRoles: ['admin'] }
        const browser = await scene.signedIn()
        for (const [method, path, body] of calls) {
          const headers = { 'x-csrf': '1', 'content-type': 'application/json' }
          const sent = body === undefined ? {} : { body: JSON.stringify(body) }
          const page = await browser.fetch(scene.url + path, { method, headers, ...sent })
          expect([page.status, page.json().error.code], `${method} ${path}`).to.deep.equal([501, 'KEYCLOAK_REQUIRED'])
        }
        expect(scene.gateway.logText()).to.contain(`${setting} is not set`)
      } finally {
        await scene.stop()
      }
    })
})
