import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { cacheFolder, KEYCLOAK_VERSION, provideDistribution } from '../../../keycloak/server/distribution.ts'
import { which } from '../../support/parts.ts'
import { failureOf } from './failure-of.ts'
import { zipOf } from './zip-of.ts'

describe('A server has a cache folder', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cloakroom-server-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('outside the work tree, where the environment says', () => {
    expect(cacheFolder({ CLOAKROOM_CACHE_DIR: '/x' })).to.equal('/x')
    expect(cacheFolder({ XDG_CACHE_HOME: '/y' })).to.equal('/y/cloakroom')
    expect(cacheFolder({})).to.match(/\.cache\/cloakroom$/)
  })

  const archive = () => join(folder, `keycloak-quarkus-dist-${KEYCLOAK_VERSION}.zip`)

  before(function () {
    if (which('unzip', process.env) === undefined && which('jar', process.env) === undefined) this.skip()
  })

  /** An archive like Keycloak's, with a build step that takes a note instead of a minute. */
  function packFake(build: string): void {
    writeFileSync(archive(), zipOf(`keycloak-${KEYCLOAK_VERSION}/bin/kc.sh`, `#!/bin/sh\n${build}\n`))
  }

  it('in which it unpacks and builds once, also when two start at once', async () => {
    packFake('echo "$@" >> "$(dirname "$0")/../built"')
    const lines: string[] = []
    const provide = () => provideDistribution({ cacheDir: folder, log: (line) => lines.push(line) })
    const [one, two] = await Promise.all([provide(), provide()])
    expect(one).to.equal(two)
    expect(readFileSync(join(one, 'built'), 'utf8')).to.equal('build --db=dev-file --health-enabled=true\n')
    lines.length = 0
    expect(await provide()).to.equal(one)
    expect(lines).to.eql([])
    expect(readdirSync(folder).filter((name) => name.startsWith('unfinished-'))).to.eql([])
  })

  it('in which nothing is left of a build that fails', async () => {
    packFake('echo no space left; exit 1')
    expect(await failureOf(provideDistribution({ cacheDir: folder, log: () => undefined }))).to.contain('no space left')
    expect(readdirSync(folder)).to.eql([`keycloak-quarkus-dist-${KEYCLOAK_VERSION}.zip`])
  })

  it('in which a broken archive is named', async () => {
    writeFileSync(archive(), 'half of it')
    const failure = await failureOf(provideDistribution({ cacheDir: folder, log: () => undefined }))
    expect(failure).to.contain('cannot be unpacked; delete it to have it fetched again')
  })
})
