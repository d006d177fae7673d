import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { open } from 'node:fs/promises'

/** A server's process. `stop` lets it finish what runs (half a minute at most); `kill` ends it on the spot. */
export type ServerProcess = {
  pid: number
  exited: Promise<number | null>
  stop: () => Promise<void>
  kill: () => Promise<void>
}

type Launch = {
  program: string
  args: readonly string[]
  env: Readonly<Record<string, string | undefined>>
  logFile: string
}

/**
 * Starts the program with its output appended to `logFile`, and ends it when this process ends.
 *
 * It gets a process group of its own: kc.sh starts Java as a child, and both must be reachable when it has to be killed.
 */
export async function launchServer({ program, args, env, logFile }: Launch): Promise<ServerProcess> {
  const output = await open(logFile, 'a', 0o600)
  const child = spawn(program, args, { detached: true, stdio: ['ignore', output.fd, output.fd], env: { ...env } })
  const { promise: exited, resolve } = Promise.withResolvers<number | null>()
  child.once('exit', resolve)
  await once(child, 'spawn').finally(() => output.close())
  const signalGroup = groupSignaller(child)
  const watcher = endWithThisProcess(child.pid ?? 0)
  const gone = exited.finally(() => watcher.kill('SIGKILL'))
  const kill = async () => {
    signalGroup('SIGKILL')
    await gone
  }
  const stop = async () => {
    const tooLong = setTimeout(() => signalGroup('SIGKILL'), 30_000)
    // kc.sh passes this signal on to Java and waits for it.
    child.kill('SIGTERM')
    await gone
    clearTimeout(tooLong)
  }
  return { pid: child.pid ?? 0, exited: gone, stop, kill }
}

/**
 * However this process ends, even by SIGKILL, the server must not stay behind. So a shell of three lines waits on a pipe
 * that only this process holds open, and ends the server's group when the pipe is closed.
 */
function endWithThisProcess(group: number): ChildProcess {
  const script = 'read -r _; kill -s KILL -- "-$0"'
  const watcher = spawn('sh', ['-c', script, String(group)], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  watcher.unref()
  return watcher
}

function groupSignaller(child: ChildProcess): (name: NodeJS.Signals) => void {
  return (name) => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
    try {
      process.kill(-child.pid, name)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
}
