/** Takes one line a person should see. */
export type Log = (line: string) => void

/** Announces a piece of work, says every five seconds that it still goes on, and how long it took in the end. */
export async function withProgress<T>(log: Log, what: string, work: () => Promise<T>): Promise<T> {
  const started = Date.now()
  const seconds = () => Math.round((Date.now() - started) / 1000)
  log(`${what} …`)
  const ticking = setInterval(() => log(`${what}: ${seconds()} s`), 5_000)
  try {
    const result = await work()
    log(`${what}: done in ${seconds()} s`)
    return result
  } finally {
    clearInterval(ticking)
  }
}
