import { z } from 'zod'

/** How far the realm's events have been followed. */
export const progress = z.object({
  /** Time of the newest admin event and the newest user event that were acted upon, by the provider's clock, milliseconds. */
  adminAt: z.number(),
  userAt: z.number(),
  /** When that was last known to be all, by the gateway's clock. */
  polledAt: z.number(),
  /** Whether the realm keeps the events that tell of revocations. */
  covered: z.boolean(),
})
export type Progress = Readonly<z.output<typeof progress>>

/** Where the progress is kept, so that another instance can go on from there. */
export interface ProgressStore {
  /** Undefined when nothing is known. @throws GatewayError SESSION_STORE_UNAVAILABLE */
  read(): Promise<Progress | undefined>
  /** @throws GatewayError SESSION_STORE_UNAVAILABLE */
  write(progress: Progress): Promise<void>
}

/** For one process. */
export function createMemoryProgress(): ProgressStore {
  let kept: Progress | undefined
  return {
    read: async () => kept,
    async write(now) {
      kept = now
    },
  }
}
