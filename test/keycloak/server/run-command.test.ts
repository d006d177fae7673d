import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { checkJava } from '../../../keycloak/server/check-java.ts'
import { runCommand } from '../../../keycloak/server/run-command.ts'
import { failureOf } from './failure-of.ts'

describe('Starting a server runs programs', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cloakroom-server-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const howToGet = 'Get it from your shop.'

  it('and returns what they wrote on both ways out', async () => {
    expect(await runCommand({ program: 'sh', args: ['-c', 'echo out; echo err >&2'], howToGet })).to.contain('err')
  })

  it('and tells how to get one that is missing', async () => {
    const missing = runCommand({ program: 'no-such-program-here', args: [], howToGet })
    expect(await failureOf(missing)).to.contain(`no-such-program-here is not installed. ${howToGet}`)
  })

  it('and tells the last lines of one that fails', async () => {
    const failing = runCommand({ program: 'sh', args: ['-c', 'echo the reason; exit 3'], howToGet })
    expect(await failureOf(failing)).to.match(/sh failed \(exit code 3\):\nthe reason/)
  })

  it('but no Java that is too old', async () => {
    const old = join(folder, 'java')
    writeFileSync(old, '#!/bin/sh\necho \'openjdk version "11.0.2"\' >&2\n')
    chmodSync(old, 0o755)
    expect(await failureOf(checkJava({ JAVA: old }))).to.match(/Java 11 is too old\. Keycloak needs Java 17/)
    expect(await failureOf(checkJava({ JAVA_HOME: folder }))).to.contain('is not installed. Keycloak needs Java 17')
  })
})
