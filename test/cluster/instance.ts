import { launch } from '../start/run-gateway.ts'
import { type RawClient, rawClient } from '../support/raw-client.ts'
import type { RawAnswer } from '../support/raw-messages.ts'

export interface CallOptions {
  method?: string
  headers?: Record<string, string>
  body?: string
}

/** One gateway process of a cluster. */
export interface Instance {
  readonly port: number
  /** Asks as a page of the public address does, with this ticket in its cookie; reaches this instance and no other. */
  call(ticket: string, target?: string, options?: CallOptions): Promise<RawAnswer>
  /** Asks as a server does. */
  readonly client: RawClient
  /** What it has counted: the sum of all lines of this name whose labels include these. */
  counted(name: string, labels?: Record<string, string>): Promise<number>
  logged(): Record<string, unknown>[]
  /** It stops in the middle of whatever it does (SIGSTOP), and goes on as if nothing had been (SIGCONT). */
  freeze(): void
  thaw(): void
  /** It dies without a word (SIGKILL). */
  kill(): Promise<void>
}

/** Starts `npm start` with this environment and answers when it says that it is ready. */
export async function startInstance(env: Record<string, string>, folder: string): Promise<Instance> {
  const { child, ended, lines, ready } = launch('start', env, folder)
  const killAtExit = () => void child.kill('SIGKILL')
  process.once('exit', killAtExit)
  await ready()
  const port = Number(env.PORT)
  const client = rawClient(port, new URL(env.PUBLIC_URL ?? '').host)
  const management = String(lines().find(({ message }) => message === 'cloakroom is ready')?.management)
  const kill = async () => {
    process.off('exit', killAtExit)
    child.kill('SIGKILL')
    await ended
  }
  return {
    port,
    client,
    call(ticket, target = '/api/orders', { method = 'GET', headers = {}, body } = {}) {
      const page = { 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Mode': 'cors', 'Sec-Fetch-Dest': 'empty' }
      const proof = method === 'GET' ? {} : { 'X-CSRF': '1', Origin: env.PUBLIC_URL ?? '' }
      const all = { ...page, ...proof, Cookie: `cloakroom=${ticket}`, ...headers }
      return client.ask({ method, target, headers: all, ...(body === undefined ? {} : { body }) })
    },
    async counted(name, labels = {}) {
      const response = await fetch(`http://${management}/metrics`)
      const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`)
      return (await response.text())
        .split('\n')
        .filter((line) => line.startsWith(`${name}{`) && wanted.every((label) => line.includes(label)))
        .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0)
    },
    logged: lines,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    kill,
  }
}
