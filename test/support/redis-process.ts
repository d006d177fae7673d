import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { end, isAlive } from './child-process.ts'
import { freePort } from './free-port.ts'

/** One redis-server of a test's own, on loopback, with a folder of its own. */
export interface RedisProcess {
  readonly port: number
  readonly folder: string
  readonly pid: number
  /** It hangs (SIGSTOP), and goes on. */
  pause(): void
  resume(): void
  /** It dies without a word; what is in its folder stays. */
  kill(): Promise<void>
  /** After `kill`: begins again on the same port, with the same folder and options. */
  restart(): Promise<void>
  /** Sends a command and gives the answer as Redis wrote it. */
  ask(...words: string[]): Promise<string>
  /** For good, with its folder. */
  stop(): Promise<void>
}

/** @param optionsOf its command line; gets the port and the folder */
export async function startRedisProcess(
  optionsOf: (port: number, folder: string) => string[] | Promise<string[]>,
): Promise<RedisProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'cloakroom-redis-'))
  for (let left = 5; left > 0; left--) {
    const port = await freePort()
    const options = await optionsOf(port, folder)
    const child = launch(options)
    // Somebody may have taken the port meanwhile: then it ends by itself.
    if (await answers(child, port)) return control(child, port, folder, options)
  }
  throw new Error('redis-server could not be started in 5 tries')
}

function control(first: ChildProcess, port: number, folder: string, options: string[]): RedisProcess {
  let child = first
  // A run that ends in the middle of a test must not leave it behind.
  const killAtExit = () => void child.kill('SIGKILL')
  process.once('exit', killAtExit)
  const signal = (name: NodeJS.Signals) => {
    if (isAlive(child)) child.kill(name)
  }
  return {
    port,
    folder,
    get pid() {
      return child.pid ?? 0
    },
    pause: () => signal('SIGSTOP'),
    resume: () => signal('SIGCONT'),
    kill: () => end(child),
    async restart() {
      await end(child)
      child = launch(options)
      if (!(await answers(child, port))) throw new Error(`redis-server did not come back on port ${port}`)
    },
    ask: (...words) => askRedis(port, words),
    async stop() {
      process.off('exit', killAtExit)
      await end(child)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function launch(options: string[]): ChildProcess {
  const child = spawn('redis-server', options, { stdio: 'ignore' })
  // A spawn that fails shows in exitCode or here; either way it does not answer.
  child.on('error', () => undefined)
  return child
}

async function answers(child: ChildProcess, port: number): Promise<boolean> {
  while (isAlive(child)) {
    const answer = await askRedis(port, ['PING']).catch(() => '')
    // One that wants a password first, or still loads, listens as well.
    if (/^(\+PONG|-NOAUTH|-LOADING)/.test(answer)) return isAlive(child)
    await pause(20)
  }
  return false
}

/** One command on a connection of its own, in the protocol's plain form. */
export function askRedis(port: number, words: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`)
    const socket = connect(port, '127.0.0.1', () => socket.write(`*${words.length}\r\n${parts.join('')}`))
    socket.once('data', (answer) => {
      socket.destroy()
      resolve(answer.toString())
    })
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('Redis closed the connection')))
  })
}

/** Whether a replica has everything that this primary was told. */
export async function hasReplicated(primary: RedisProcess): Promise<boolean> {
  const info = await primary.ask('INFO', 'replication')
  const told = /master_repl_offset:(\d+)/.exec(info)?.[1]
  return told !== undefined && /slave0:.*,offset=(\d+)/.exec(info)?.[1] === told
}
