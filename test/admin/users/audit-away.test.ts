import { expect } from 'chai'
import { setScene } from '../../support/scene.ts'
import { the } from '../../support/the.ts'

const PATH = '/api/v1/admin/audit'

describe('A gateway whose audit database is away', () => {
  it('starts at once, signs people in, says so in /ready, and shows no trail', async () => {
    const scene = await setScene({ env: { DATABASE_URL: 'postgres://nobody:canary-of-the-database@127.0.0.1:9/none' } })
    scene.provider.script.person = the.bob()
    const admin = await scene.signedIn()
    const ready = await admin.fetch(`${scene.url}/ready`)
    expect(ready.status).to.equal(200)
    expect(ready.json()).to.deep.include({ status: 'ready' })
    expect(JSON.parse(ready.body).dependencies.database).to.deep.equal({ status: 'down', required: false })
    const page = await admin.fetch(scene.url + PATH)
    expect([page.status, page.json().error?.code]).to.deep.equal([503, 'AUDIT_UNAVAILABLE'])
    await scene.stop()
    expect(scene.gateway.logText()).to.contain('the database is away').and.not.to.contain('canary-of-the-database')
  })
})
