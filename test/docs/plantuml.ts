import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { cacheFolder } from '../../keycloak/server/distribution.ts'
import { runCommand } from '../../keycloak/server/run-command.ts'
import { which } from '../support/parts.ts'

const VERSION = '1.2026.6'
const JAR = `plantuml-${VERSION}.jar`

export function hasPlantuml(env: NodeJS.ProcessEnv): boolean {
  if (which('java', env) === undefined) return false
  return existsSync(join(cacheFolder(env), JAR)) || which('mvn', env) !== undefined
}

/** PlantUML itself, fetched once by Maven into the cache folder. */
export async function fetchPlantuml(env: NodeJS.ProcessEnv): Promise<string> {
  const folder = cacheFolder(env)
  const jar = join(folder, JAR)
  if (existsSync(jar)) return jar
  await mkdir(folder, { recursive: true })
  const scratch = await mkdtemp(join(folder, 'unfinished-'))
  try {
    const artifact = `-Dartifact=net.sourceforge.plantuml:plantuml:${VERSION}`
    const args = ['-q', '-B', 'dependency:copy', artifact, `-DoutputDirectory=${scratch}`]
    await runCommand({ program: 'mvn', args, cwd: scratch, howToGet: 'Install Maven.' })
    await rename(join(scratch, JAR), jar)
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
  return jar
}

/** Parses diagrams without drawing them; answers what PlantUML complains about, nothing when all is well. */
export async function checkSyntax(jar: string, paths: readonly string[]): Promise<string> {
  const child = spawn('java', ['-Djava.awt.headless=true', '-jar', jar, '--check-syntax', ...paths])
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const [output, complaints, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return code === 0 ? '' : `${output}${complaints}` || `exit code ${code}`
}
