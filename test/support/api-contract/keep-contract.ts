import { failOnMisfits, nameTest } from './misfits.ts'

/** For `--require`: a run fails at its end when an answer was not as the OpenAPI document says. */
export const mochaHooks = {
  beforeEach(this: Mocha.Context): void {
    nameTest(this.currentTest?.fullTitle() ?? 'unknown')
  },
  afterAll: failOnMisfits,
}
