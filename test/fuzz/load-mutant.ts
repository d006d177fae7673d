import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'
import type { createGateway } from '../../src/gateway.ts'
import { repositoryRoot } from '../architecture/source-tree.ts'
import type { Mutant } from './mutants.ts'

const MARK = '?mutant'

/**
 * A gateway of its own set of modules, some of which have faults: whatever such a module imports is loaded for it alone, so
 * that the healthy ones stay as they are. Fails when a fault no longer fits its file.
 */
export async function loadMutant(mutants: readonly Mutant[]): Promise<{ createGateway: typeof createGateway }> {
  const sources = pathToFileURL(`${repositoryRoot}/src/`).href
  const seeded = new Set<Mutant>()

  function seed(url: string, source: string): string {
    return mutants
      .filter(({ file }) => url === pathToFileURL(`${repositoryRoot}/${file}`).href + MARK)
      .reduce((text, mutant) => {
        const { what, file, from, to } = mutant
        if (text.split(from).length !== 2) throw new Error(`"${what}": ${file} holds "${from}" not exactly once`)
        seeded.add(mutant)
        return text.replace(from, () => to)
      }, source)
  }

  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const found = next(specifier, context)
      const inside = context.parentURL?.endsWith(MARK) === true && found.url.startsWith(sources)
      return inside && !found.url.endsWith(MARK) ? { ...found, url: found.url + MARK } : found
    },
    load(url, context, next) {
      const loaded = next(url, context)
      return url.endsWith(MARK) ? { ...loaded, source: seed(url, String(loaded.source)) } : loaded
    },
  })
  try {
    const module: unknown = await import(`${sources}gateway.ts${MARK}`)
    const idle = mutants.filter((mutant) => !seeded.has(mutant)).map(({ what, file }) => `"${what}" (${file})`)
    if (idle.length > 0) throw new Error(`the gateway does not load what holds ${idle.join(', ')}`)
    return module as { createGateway: typeof createGateway }
  } finally {
    hooks.deregister()
  }
}
