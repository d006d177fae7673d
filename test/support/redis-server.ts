import { type ChildProcess, spawn } from 'node:child_process'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { end, isAlive } from './child-process.ts'
import { freePort } from './free-port.ts'
import { findRedis } from './parts.ts'

/** A real Redis of the test's own: on loopback, nothing on disk, nobody else in it. */
export interface RedisServer {
  readonly port: number
  readonly url: string
  /** It hangs: connections stay open, nothing is answered (SIGSTOP). */
  pause(): Promise<void>
  resume(): Promise<void>
  /** It dies without a word, and everything in it is lost. */
  kill(): Promise<void>
  /** After `kill`: an empty one on the same port. */
  restart(): Promise<void>
  /** For good; also when it is paused or dead already. */
  stop(): Promise<void>
}

const TRIES = 5

/** Call it in a `before` of a suite that needs Redis: without one the suite is skipped, and fails where CI=true. */
export function needRedis(context: Mocha.Context, env: NodeJS.ProcessEnv = process.env): void {
  if (findRedis(env) !== undefined) return
  const hint = 'redis-server is not on this machine; to have it: apt-get install redis-server'
  if (env.CI === 'true') throw new Error(hint)
  process.stdout.write(`      skipped: ${hint}\n`)
  context.skip()
}

/** Starts `redis-server` on a free port and answers when it does. */
export async function startRedis(): Promise<RedisServer> {
  const { child: first, port } = await startAnywhere()
  let child = first
  // A run that ends in the middle of a test must not leave it behind.
  const killAtExit = () => void child.kill('SIGKILL')
  process.once('exit', killAtExit)
  const signal = (name: NodeJS.Signals) => {
    if (isAlive(child)) child.kill(name)
  }
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    pause: async () => signal('SIGSTOP'),
    resume: async () => signal('SIGCONT'),
    kill: () => end(child),
    async restart() {
      await end(child)
      const started = launch(port)
      if (!(await answers(started, port))) throw new Error(`redis-server did not come back on port ${port}`)
      child = started
    },
    async stop() {
      process.off('exit', killAtExit)
      await end(child)
    },
  }
}

async function startAnywhere(): Promise<{ child: ChildProcess; port: number }> {
  for (let left = TRIES; left > 0; left--) {
    const port = await freePort()
    const child = launch(port)
    // Somebody may have taken the port meanwhile: then this one ends by itself, and the next try takes another.
    if (await answers(child, port)) return { child, port }
  }
  throw new Error(`redis-server could not be started in ${TRIES} tries`)
}

function launch(port: number): ChildProcess {
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  const child = spawn('redis-server', [...options, '--dir', tmpdir()], { stdio: 'ignore' })
  // A spawn that fails shows in exitCode or here; either way it does not answer.
  child.on('error', () => undefined)
  return child
}

/** Waits until it answers PING; no when it ended first. */
async function answers(child: ChildProcess, port: number): Promise<boolean> {
  while (isAlive(child)) {
    if (await answersPing(port)) return isAlive(child)
    await pause(20)
  }
  return false
}

function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'))
    socket.once('data', (answer) => {
      socket.destroy()
      resolve(answer.toString().startsWith('+PONG'))
    })
    socket.once('error', () => resolve(false))
    socket.once('close', () => resolve(false))
  })
}
