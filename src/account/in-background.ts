import type { Log } from '../platform/observability/log.ts'

/**
 * Does something after the answer, so that nobody can tell by the time of the answer what there was to do.
 * @param failure what the log says when it fails
 */
export type InBackground = (failure: string, work: () => Promise<void>) => void

export interface Background {
  run: InBackground
  /** Waits for what is being done, up to so many milliseconds. */
  finish(milliseconds: number): Promise<void>
}

export function createBackground(log: Log): Background {
  const running = new Set<Promise<void>>()
  return {
    run(failure, work) {
      const one = work()
        .catch((error: unknown) => log.error(failure, { error }))
        .finally(() => running.delete(one))
      running.add(one)
    },
    async finish(milliseconds) {
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, milliseconds)
      })
      await Promise.race([Promise.all(running), late])
      clearTimeout(timer)
    },
  }
}
