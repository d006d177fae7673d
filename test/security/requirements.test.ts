import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { repositoryRoot } from '../architecture/source-tree.ts'
import { allRequirements } from './all-requirements.ts'

const all = allRequirements.flatMap(({ requirements }) => requirements)

describe('What an attacker must not get', () => {
  it('is tried by tests that there are', () => {
    const missing = all.flatMap(({ id, proofs }) =>
      proofs
        .filter(([file, title]) => {
          const path = join(repositoryRoot, 'test', file)
          return !existsSync(path) || !readFileSync(path, 'utf8').includes(title)
        })
        .map(([file, title]) => `${id}: ${file} has no "${title}"`),
    )
    expect(missing).to.deep.equal([])
  })

  it('is tried at least once each, and named once', () => {
    expect(all.filter(({ proofs }) => proofs.length === 0)).to.deep.equal([])
    const ids = all.map(({ id }) => id)
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).to.deep.equal([])
  })
})
