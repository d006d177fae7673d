import { existsSync } from 'node:fs'
import { mkdir, readlink, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'

/** What a server reads and never writes. */
const SHARED = ['conf', 'lib', 'providers', 'themes']

/**
 * Prepares the folder one server calls its home: its own `data` (database, transaction log), everything else links to the
 * shared distribution. So many servers can run from one distribution, each with data that outlive it.
 */
export async function prepareServerHome({
  dataDir,
  distribution,
}: {
  dataDir: string
  distribution: string
}): Promise<void> {
  await mkdir(join(dataDir, 'data'), { recursive: true })
  for (const name of SHARED) {
    const link = join(dataDir, name)
    const target = join(distribution, name)
    const current = await readlink(link).catch(() => undefined)
    if (current === target) continue
    if (current === undefined && existsSync(link)) {
      throw new Error(`${dataDir} holds a "${name}" that is not from here; choose an empty or new folder for the data.`)
    }
    await rm(link, { force: true })
    await symlink(target, link)
  }
}

/** Forgets the data of a server: realms, users, sessions. Nothing else in the folder is touched. */
export async function forgetServerData(dataDir: string): Promise<void> {
  await rm(join(dataDir, 'data'), { recursive: true, force: true })
}
