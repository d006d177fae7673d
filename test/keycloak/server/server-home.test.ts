import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { forgetServerData, prepareServerHome } from '../../../keycloak/server/server-home.ts'
import { failureOf } from './failure-of.ts'

describe('A server has a home', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cloakroom-server-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const distribution = () => join(folder, 'distribution')
  const dataDir = () => join(folder, 'home')
  beforeEach(() => {
    for (const name of ['conf', 'lib', 'providers', 'themes'])
      mkdirSync(join(distribution(), name), { recursive: true })
  })
  const prepare = () => prepareServerHome({ dataDir: dataDir(), distribution: distribution() })

  it('with data of its own and the rest shared, as often as asked', async () => {
    await prepare()
    writeFileSync(join(dataDir(), 'data', 'users'), 'alice')
    await prepare()
    expect(realpathSync(join(dataDir(), 'lib'))).to.equal(realpathSync(join(distribution(), 'lib')))
    expect(readFileSync(join(dataDir(), 'data', 'users'), 'utf8')).to.equal('alice')
  })

  it('that follows to a newer distribution', async () => {
    await prepareServerHome({ dataDir: dataDir(), distribution: join(folder, 'older') })
    await prepare()
    expect(realpathSync(join(dataDir(), 'lib'))).to.equal(realpathSync(join(distribution(), 'lib')))
  })

  it('but not in a folder that holds something else', async () => {
    mkdirSync(join(dataDir(), 'lib'), { recursive: true })
    expect(await failureOf(prepare())).to.contain('holds a "lib" that is not from here')
  })

  it('and forgets its data without touching anything else', async () => {
    await prepare()
    writeFileSync(join(dataDir(), 'data', 'users'), 'alice')
    writeFileSync(join(dataDir(), 'holiday.jpg'), '')
    await forgetServerData(dataDir())
    expect(existsSync(join(dataDir(), 'data'))).to.equal(false)
    expect(existsSync(join(dataDir(), 'holiday.jpg'))).to.equal(true)
    expect(existsSync(join(distribution(), 'lib'))).to.equal(true)
  })
})
