import { spawnSync } from 'node:child_process'
import { expect } from 'chai'

const CHECKS: [what: string, program: string, args: string[]][] = [
  ['the types fit', 'tsc', ['--noEmit']],
  [
    'the build for the image works',
    'tsc',
    [
      '-p',
      'tsconfig.build.json',
      '--noEmit',
      '--rewriteRelativeImportExtensions',
      'false',
      '--allowImportingTsExtensions',
      'true',
    ],
  ],
  ['format, lint and import order are as agreed', 'biome', ['check', '.']],
  ['nothing is unused', 'knip', ['--no-progress']],
]

describe('The toolchain is content', function () {
  this.timeout(180_000)
  for (const [what, program, args] of CHECKS) {
    it(what, () => {
      const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
      expect(status, `${stdout}\n${stderr}`.slice(-8_000)).to.equal(0)
    })
  }
})
