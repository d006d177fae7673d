import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { runCommand } from './run-command.ts'
import { type Log, withProgress } from './with-progress.ts'

export const KEYCLOAK_VERSION = '26.7.3'

/** To be raised when the options of `build` change, so that folders built with the old ones are left alone. */
const BUILD = 1
const ARCHIVE = `keycloak-quarkus-dist-${KEYCLOAK_VERSION}.zip`

/** Where the server and its data are kept: outside the work tree, so that a clean clone does not fetch it again. */
export function cacheFolder(env: Readonly<Record<string, string | undefined>>): string {
  return env.CLOAKROOM_CACHE_DIR || join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cloakroom')
}

/**
 * Finds the unpacked and built server in the cache folder, or fetches, unpacks and builds it there, once.
 *
 * Each step works in a folder of its own and ends with a rename, so an interrupted run leaves nothing half done, and of
 * two runs at once the slower throws its result away. Afterwards nothing writes into the distribution any more; a server
 * keeps its data elsewhere.
 *
 * @returns the folder with `bin/kc.sh`.
 * @throws Error naming the missing tool and how to get it.
 */
export async function provideDistribution({ cacheDir, log }: { cacheDir: string; log: Log }): Promise<string> {
  const built = join(cacheDir, `keycloak-${KEYCLOAK_VERSION}-built-${BUILD}`)
  if (existsSync(join(built, 'bin', 'kc.sh'))) return built
  await mkdir(cacheDir, { recursive: true })
  await removeAbandoned(cacheDir)
  const archive = join(cacheDir, ARCHIVE)
  if (!existsSync(archive)) await inScratch(cacheDir, (scratch) => fetchArchive(scratch, archive, log))
  await inScratch(cacheDir, async (scratch) => {
    await withProgress(log, `Unpacking Keycloak ${KEYCLOAK_VERSION}`, () => unpack(archive, scratch))
    const unpacked = join(scratch, `keycloak-${KEYCLOAK_VERSION}`)
    await makeExecutable(join(unpacked, 'bin'))
    await withProgress(log, 'Building Keycloak (once, about 20 s)', () => build(unpacked))
    await moveInto(unpacked, built)
  })
  return built
}

/** What a run that was killed has left behind; an hour is far more than any run needs. */
async function removeAbandoned(cacheDir: string): Promise<void> {
  const names = (await readdir(cacheDir)).filter((name) => name.startsWith('unfinished-'))
  for (const folder of names.map((name) => join(cacheDir, name))) {
    const { mtimeMs } = await stat(folder).catch(() => ({ mtimeMs: Date.now() }))
    if (Date.now() - mtimeMs > 3_600_000) await rm(folder, { recursive: true, force: true })
  }
}

async function inScratch(cacheDir: string, work: (scratch: string) => Promise<void>): Promise<void> {
  const scratch = await mkdtemp(join(cacheDir, 'unfinished-'))
  try {
    await work(scratch)
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

async function fetchArchive(scratch: string, archive: string, log: Log): Promise<void> {
  const artifact = `org.keycloak:keycloak-quarkus-dist:${KEYCLOAK_VERSION}:zip`
  await withProgress(log, `Fetching Keycloak ${KEYCLOAK_VERSION} with Maven (176 MB)`, () =>
    runCommand({
      program: 'mvn',
      args: ['-q', '-B', 'dependency:copy', `-Dartifact=${artifact}`, `-DoutputDirectory=${scratch}`],
      cwd: scratch,
      howToGet: `Install Maven (Debian and Ubuntu: apt-get install maven), or put ${ARCHIVE} into ${join(archive, '..')}.`,
    }),
  )
  await moveInto(join(scratch, ARCHIVE), archive)
}

async function unpack(archive: string, into: string): Promise<void> {
  const howToGet = 'Install unzip (Debian and Ubuntu: apt-get install unzip) or a JDK, whose jar program unpacks too.'
  const jar = () => runCommand({ program: 'jar', args: ['xf', archive], cwd: into, howToGet })
  await runCommand({ program: 'unzip', args: ['-q', archive, '-d', into], howToGet }).catch((error: Error) => {
    if (error.message.startsWith('unzip is not installed')) return jar()
    throw new Error(`${archive} cannot be unpacked; delete it to have it fetched again.\n${error.message}`)
  })
}

/** `jar` forgets the executable bit. */
async function makeExecutable(folder: string): Promise<void> {
  const scripts = (await readdir(folder)).filter((name) => name.endsWith('.sh'))
  await Promise.all(scripts.map((name) => chmod(join(folder, name), 0o755)))
}

/** Keycloak's own build step, which `start-dev` would repeat whenever an option changes; `start --optimized` skips it. */
async function build(folder: string): Promise<void> {
  await runCommand({
    program: join(folder, 'bin', 'kc.sh'),
    args: ['build', '--db=dev-file', '--health-enabled=true'],
    howToGet: 'The distribution is incomplete; delete it from the cache folder.',
  })
}

/** Renames, unless another run was faster: then its result is as good as this one. */
async function moveInto(from: string, to: string): Promise<void> {
  await rename(from, to).catch((error: Error) => {
    if (!existsSync(to)) throw error
  })
}
