import { expect } from 'chai'
import { readSourceTree, type SourceFile, withoutComments } from './source-tree.ts'

const MAX_LINES = 200
const MAX_APP_LINES = 150

/** Files whose name says more than the name of any one export, and why. */
const NAMED_OTHERWISE: Record<string, string> = {
  'src/audit-verify.ts': 'a script: exports nothing',
  'src/main.ts': 'a script: exports nothing',
  'src/check-config.ts': 'a script: exports nothing',
  'src/edge/slow-clients.ts': 'named after what it guards against; endIdleBodies is what it does',
  'src/login/callback-query.ts': 'named after what readCallback reads',
  'src/login/login-hints.ts': 'named after what readHints reads',
  'src/login/return-path.ts': 'named after what returnUrl reads',
  'src/operations/health-routes.ts': 'two handlers, health and ready, of one kind',
  'src/proxy/headers/header-rules.ts': 'the tables of header names and the questions one may ask of them',
  'src/proxy/upstream/request-body.ts': 'three small questions about one thing',
}

/** Words without their plural: `createRequestIds` → create, request, id. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[-_]/)
    .map((word) => word.replace(/s$/, ''))
}

/** Whether a reader who looks for the export finds the file: every word of the file's name is in the export's. */
function isNamedAfterAnExport({ path, exports }: Pick<SourceFile, 'path' | 'exports'>): boolean {
  const words = wordsOf(path.replace(/^.*\/|\.ts$/g, ''))
  return exports.some((name) => words.every((word) => wordsOf(name).includes(word)))
}

function isBarrel(text: string): boolean {
  const code = withoutComments(text).trim()
  return code !== '' && code.replace(/^(import|export)\s[^;]*?\sfrom\s+'[^']+'$/gm, '').trim() === ''
}

describe('files', () => {
  const source = readSourceTree('src')
  const everything = readSourceTree('src', 'test', 'keycloak', 'bench', 'docs')

  it(`have at most ${MAX_LINES} lines, and app.ts at most ${MAX_APP_LINES}`, () => {
    const tooLong = everything
      .map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
      .filter(({ path, lines }) => lines > (path === 'src/app.ts' ? MAX_APP_LINES : MAX_LINES))
    expect(tooLong).to.deep.equal([])
  })

  it('and folders have names in kebab-case', () => {
    const shape = /^([a-z0-9]+(-[a-z0-9]+)*\/)*[a-z0-9]+(-[a-z0-9]+)*(\.test)?\.ts$/
    expect(everything.map(({ path }) => path).filter((path) => !shape.test(path))).to.deep.equal([])
  })

  it('are no barrels', () => {
    const barrels = everything.filter(({ path, text }) => isBarrel(text) || path.endsWith('/index.ts'))
    expect(barrels.map(({ path }) => path)).to.deep.equal([])
    expect(isBarrel("export { a } from './a.ts'\nexport type {\n  B,\n} from './b.ts'\n")).to.equal(true)
    expect(isBarrel("import { a } from './a.ts'\nexport const b = a\n")).to.equal(false)
  })

  it('export by name only', () => {
    expect(source.filter(({ text }) => /^export default\b/m.test(text)).map(({ path }) => path)).to.deep.equal([])
  })

  it('are named after their main export', () => {
    const misnamed = source.filter((file) => !(file.path in NAMED_OTHERWISE) && !isNamedAfterAnExport(file))
    expect(misnamed.map(({ path, exports }) => `${path} exports ${exports.join(', ')}`)).to.deep.equal([])
  })

  it('that are named otherwise still exist and still need the exception', () => {
    const stale = Object.keys(NAMED_OTHERWISE).filter((path) => {
      const file = source.find((candidate) => candidate.path === path)
      return file === undefined || isNamedAfterAnExport(file)
    })
    expect(stale).to.deep.equal([])
  })
})
