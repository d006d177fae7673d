import { spawnSync } from 'node:child_process'
import { expect } from 'chai'

describe('The generated references', () => {
  it('are what `npm run docs` makes of the source', () => {
    const { status, stderr } = spawnSync('node', ['docs/generate.ts', '--check'], { encoding: 'utf8' })
    expect(status, stderr).to.equal(0)
  })
})
