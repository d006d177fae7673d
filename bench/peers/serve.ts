import type { Express } from 'express'
import { fromEnvironment } from './from-environment.ts'

/** Listens where the benchmark says, until it says stop. */
export function serve(app: Express): void {
  app.listen(Number(fromEnvironment('PORT')), '127.0.0.1')
  // A plain exit, so that a CPU profile is written when one was asked for.
  process.once('SIGTERM', () => process.exit(0))
}
