import { closeShared } from './shared.ts'

/** mocha loads this first: whatever the journeys shared ends with them. */
export const mochaHooks = {
  async afterAll(this: Mocha.Context): Promise<void> {
    this.timeout(60_000)
    await closeShared()
  },
}
