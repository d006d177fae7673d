import { setTimeout as turn } from 'node:timers/promises'

/** Resolves when the condition holds; looks again every few milliseconds, as long as the test may take. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turn(5)
}
