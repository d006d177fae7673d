import { expect } from 'chai'
import { readSourceTree, type SourceFile } from './source-tree.ts'

/** The first cycle that is found, as the path around it, or undefined. */
function findCycle(files: readonly Pick<SourceFile, 'path' | 'imports'>[]): string[] | undefined {
  const byPath = new Map(files.map((file) => [file.path, file.imports]))
  const done = new Set<string>()

  function walk(path: string, trail: string[]): string[] | undefined {
    const at = trail.indexOf(path)
    if (at !== -1) return [...trail.slice(at), path]
    if (done.has(path)) return undefined
    for (const imported of byPath.get(path) ?? []) {
      const cycle = walk(imported, [...trail, path])
      if (cycle !== undefined) return cycle
    }
    done.add(path)
    return undefined
  }

  for (const { path } of files) {
    const cycle = walk(path, [])
    if (cycle !== undefined) return cycle
  }
  return undefined
}

describe('import cycles', () => {
  for (const folders of [['src'], ['src', 'keycloak'], ['src', 'keycloak', 'bench', 'docs', 'test']]) {
    it(`there is none in ${folders.join(' and ')}, types included`, () => {
      expect(findCycle(readSourceTree(...folders))?.join(' → ')).to.equal(undefined)
    })
  }

  it('would be found', () => {
    const files = [
      { path: 'a', imports: ['b'] },
      { path: 'b', imports: ['c', 'd'] },
      { path: 'c', imports: [] },
      { path: 'd', imports: ['b'] },
    ]
    expect(findCycle(files)).to.deep.equal(['b', 'd', 'b'])
  })
})
