import { spawn } from 'node:child_process'

/** A program to run, and what to tell a person whose machine does not have it. */
export type Command = { program: string; args: readonly string[]; cwd?: string; howToGet: string }

/**
 * Runs a program to its end and returns what it wrote.
 *
 * @throws Error when the program is not installed (with `howToGet`) or fails (with its last lines).
 */
export async function runCommand({ program, args, cwd, howToGet }: Command): Promise<string> {
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const collect = (chunk: Buffer) => {
    output = (output + chunk.toString('utf8')).slice(-20_000)
  }
  child.stdout.on('data', collect)
  child.stderr.on('data', collect)
  const { promise, resolve, reject } = Promise.withResolvers<number | null>()
  child.on('error', reject).on('close', resolve)
  const code = await promise.catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? new Error(`${program} is not installed. ${howToGet}`) : error
  })
  if (code !== 0) throw new Error(`${program} failed (exit code ${code}):\n${lastLines(output, 15)}`)
  return output
}

/** The end of a text, for error messages: the reason is nearly always there. */
export function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n')
}
