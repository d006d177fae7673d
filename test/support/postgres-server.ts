import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { freePort } from './free-port.ts'
import { findPostgres } from './parts.ts'

/** A real PostgreSQL of the test's own: on loopback, in a temporary folder, run by somebody without rights. */
export interface PostgresServer {
  readonly port: number
  /** A new, empty database. */
  newDatabase(): Promise<string>
  /** It hangs: connections stay open, nothing is answered (SIGSTOP to all of its processes). */
  pause(): void
  resume(): void
  /** It dies as in a crash; what was committed is there after `restart`. */
  kill(): Promise<void>
  restart(): Promise<void>
  /** For good; also when it is paused or dead already. */
  stop(): Promise<void>
}

const PASSWORD = 'of-these-tests'
/** Survives a crash of the server, not of the machine. */
const OPTIONS = ['fsync=off', 'full_page_writes=off', 'unix_socket_directories=']

/** Call it in a `before` of a suite that needs PostgreSQL: without one the suite is skipped, and fails where CI=true. */
export function needPostgres(context: Mocha.Context, env: NodeJS.ProcessEnv = process.env): void {
  if (findPostgres(env) !== undefined) return
  const hint = 'PostgreSQL is not on this machine; to have it: apt-get install postgresql'
  if (env.CI === 'true') throw new Error(hint)
  process.stdout.write(`      skipped: ${hint}\n`)
  context.skip()
}

/** Makes a cluster, starts it on a free port and answers when it does. */
export async function startPostgres(): Promise<PostgresServer> {
  const programs = dirname(findPostgres(process.env) ?? '')
  const user = unprivileged()
  const folder = mkdtempSync(join(tmpdir(), 'cloakroom-postgres-'))
  const data = join(folder, 'data')
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, PASSWORD)
  for (const path of [folder, passwordFile]) if (user !== undefined) chownSync(path, user.uid, user.gid)
  chmodSync(folder, 0o700)
  const made = spawnSync(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'tests', '-A', 'scram-sha-256', '--pwfile', passwordFile, '-E', 'UTF8', '--locale=C', '-N'],
    { ...user, encoding: 'utf8', cwd: folder },
  )
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr || made.error?.message}`)
  const port = await freePort()
  const url = (database: string) => `postgres://tests:${PASSWORD}@127.0.0.1:${port}/${database}`
  const args = ['-D', data, '-p', String(port), '-h', '127.0.0.1', ...OPTIONS.flatMap((option) => ['-c', option])]
  const launch = () => spawn(join(programs, 'postgres'), args, { ...user, stdio: 'ignore', cwd: folder })
  let child = launch()
  // A run that ends in the middle of a test must not leave it behind.
  const atExit = () => signalAll(child, 'SIGKILL')
  process.once('exit', atExit)
  await answers(child, url('postgres'))
  let databases = 0
  return {
    port,
    async newDatabase() {
      const name = `db${++databases}`
      await ask(url('postgres'), `create database ${name}`)
      return url(name)
    },
    pause: () => signalAll(child, 'SIGSTOP'),
    resume: () => signalAll(child, 'SIGCONT'),
    kill: () => end(child, 'SIGQUIT'),
    async restart() {
      await end(child, 'SIGQUIT')
      child = launch()
      await answers(child, url('postgres'))
    },
    async stop() {
      process.off('exit', atExit)
      await end(child, 'SIGQUIT')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** PostgreSQL refuses to run as root; whoever else runs the tests runs it too. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n')
  const entry = lines.find((line) => line.startsWith('postgres:')) ?? lines.find((line) => line.startsWith('nobody:'))
  const [, , uid, gid] = entry?.split(':') ?? []
  if (uid === undefined || gid === undefined) throw new Error('there is no user without rights to run PostgreSQL as')
  return { uid: Number(uid), gid: Number(gid) }
}

function isAlive(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null
}

/** The server and the processes of its connections, which are in sessions of their own. */
function signalAll(child: ChildProcess, signal: NodeJS.Signals): void {
  if (!isAlive(child)) return
  const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').split(' ').filter(Boolean)
  for (const pid of [child.pid ?? 0, ...children.map(Number)]) {
    try {
      process.kill(pid, signal)
    } catch {
      // It ended meanwhile.
    }
  }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (!isAlive(child)) return
  const exited = once(child, 'exit')
  signalAll(child, 'SIGCONT')
  child.kill(signal)
  await exited
}

async function answers(child: ChildProcess, url: string): Promise<void> {
  while (isAlive(child)) {
    try {
      await ask(url, 'select 1')
      return
    } catch {
      await pause(20)
    }
  }
  throw new Error(`postgres ended with ${child.exitCode ?? child.signalCode} instead of answering`)
}

async function ask(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query(text)
  } finally {
    await client.end()
  }
}
