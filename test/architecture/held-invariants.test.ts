import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { repositoryRoot } from './source-tree.ts'

describe('ARCHITECTURE.md', () => {
  const text = readFileSync(join(repositoryRoot, 'ARCHITECTURE.md'), 'utf8')
  const [, section = ''] = /^## Invariants$(.*?)^## /ms.exec(text) ?? []
  const invariants = section.split(/^(?=\d+\. )/m).slice(1)

  it('numbers its invariants', () => {
    expect(invariants.map((invariant) => Number.parseInt(invariant, 10))).to.deep.equal(invariants.map((_, i) => i + 1))
    expect(invariants.length).to.be.greaterThan(10)
  })

  it('names a test that exists for each of them', () => {
    const unheld = invariants.filter((invariant) => {
      const files = [...invariant.matchAll(/`([\w/-]+\.test\.ts)`/g)].map(([, file = '']) => file)
      return files.length === 0 || !files.every((file) => existsSync(join(repositoryRoot, 'test', file)))
    })
    expect(unheld).to.deep.equal([])
  })
})
