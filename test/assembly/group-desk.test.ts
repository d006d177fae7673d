import { expect } from 'chai'
import { setScene } from '../support/scene.ts'
import { the } from '../support/the.ts'

const GROUPS = '/api/v1/admin/groups'
const ONE = `${GROUPS}/0d7a3f58-6a3e-4f0e-9c53-0b1de0a2c9b7`
const roles = ['realm:customer']
const CALLS = [
  ['GET', GROUPS, undefined],
  ['GET', '/api/v1/admin/users/u1/groups', undefined],
  ['POST', GROUPS, { name: 'x' }],
  ['GET', ONE, undefined],
  ['PUT', ONE, { name: 'x', description: null, attributes: {}, version: 'aaaaaa' }],
  ['PATCH', ONE, { name: 'x' }],
  ['DELETE', ONE, undefined],
  ['PUT', `${ONE}/parent`, { parentId: null }],
  ['GET', `${ONE}/children`, undefined],
  ['GET', `${ONE}/members`, undefined],
  ['PUT', `${ONE}/members/u1`, undefined],
  ['DELETE', `${ONE}/members/u1`, undefined],
  ['GET', `${ONE}/roles`, undefined],
  ['POST', `${ONE}/roles`, { roles }],
  ['DELETE', `${ONE}/roles`, { roles }],
] as const

describe('Groups at a gateway without a service account for them', () => {
  it('answer 501, and the log names the setting', async () => {
    const scene = await setScene()
    try {
      scene.provider.script.person = { ...the.alice(), realmRoles: ['admin'] }
      const browser = await scene.signedIn()
      for (const [method, path, body] of CALLS) {
        const headers = { 'x-csrf': '1', 'content-type': 'application/json' }
        const sent = body === undefined ? {} : { body: JSON.stringify(body) }
        const page = await browser.fetch(scene.url + path, { method, headers, ...sent })
        expect([page.status, page.json().error.code], `${method} ${path}`).to.deep.equal([501, 'KEYCLOAK_REQUIRED'])
      }
      expect(scene.gateway.logText()).to.contain('KEYCLOAK_ADMIN_CLIENT_ID is not set')
    } finally {
      await scene.stop()
    }
  })
})
