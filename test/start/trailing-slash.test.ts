import { expect } from 'chai'
import { rawClient } from '../support/raw-client.ts'
import { type Scene, setScene } from '../support/scene.ts'

describe('A slash too many', () => {
  let scene: Scene
  before(async () => {
    scene = await setScene()
  })
  after(() => scene.stop())

  for (const path of ['/api/v1/clients', '/api/v1/users/me', '/api/v1/users', '/cache', '/me']) {
    it(`makes ${path} another address, at which there is nothing`, async () => {
      const raw = rawClient(scene.gateway.port)
      for (const method of ['GET', 'POST']) {
        const answer = await raw.ask({ method, target: `${path}/`, headers: { 'X-CSRF': '1' } })
        expect(answer.status, method).to.equal(404)
      }
    })
  }
})
