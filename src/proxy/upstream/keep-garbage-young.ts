import { setFlagsFromString } from 'node:v8'

/**
 * Stops V8 from allocating in the old generation what it once saw surviving (allocation-site pretenuring). Under load it
 * sees that of objects that live for one proxied call; from then on each dead call keeps the next ones alive, and minor
 * collections take a fifth of the processor (docs/performance.md has the figures). It goes for the whole process.
 */
export function keepGarbageYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring')
}
