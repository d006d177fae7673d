import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { checkSyntax, fetchPlantuml, hasPlantuml } from './plantuml.ts'

const FOLDER = fileURLToPath(new URL('../../docs/diagrams', import.meta.url))
const diagrams = () => readdirSync(FOLDER).filter((name) => name.endsWith('.puml'))

describe('The diagrams', function () {
  this.timeout(120_000)

  it('are those that readers look for', () => {
    const wanted = [
      'registration',
      'sign-in',
      'protected-call',
      'refresh',
      'backchannel-logout',
      'admin-call',
      'components',
      'database',
    ]
    expect(diagrams()).to.include.members(wanted.map((name) => `${name}.puml`))
  })

  it('are named as their files, and have a title', () => {
    for (const name of diagrams()) {
      const text = readFileSync(join(FOLDER, name), 'utf8')
      expect(text, name).to.match(new RegExp(`^@startuml ${name.slice(0, -'.puml'.length)}\n`))
      expect(text, name).to.match(/^title \S/m)
    }
  })

  describe('are parsed by the real PlantUML', () => {
    let jar: string
    before(async function () {
      if (!hasPlantuml(process.env)) this.skip()
      jar = await fetchPlantuml(process.env)
    })

    it('without a complaint', async () =>
      expect(
        await checkSyntax(
          jar,
          diagrams().map((name) => join(FOLDER, name)),
        ),
      ).to.equal(''))

    it('which would complain about a broken one', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'cloakroom-diagrams-'))
      try {
        writeFileSync(join(folder, 'broken.puml'), '@startuml\nAlice -> : \nalt\n!!!\n@enduml\n')
        expect(await checkSyntax(jar, [join(folder, 'broken.puml')])).to.match(/error/i)
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    })
  })
})
