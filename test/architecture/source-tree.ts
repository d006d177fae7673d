import { readdirSync, readFileSync } from 'node:fs'
import { join, posix, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface SourceFile {
  /** From the root of the repository, with `/`: `src/edge/cors.ts`. */
  readonly path: string
  readonly text: string
  /** What it imports of this repository, types included, as paths from the root. */
  readonly imports: readonly string[]
  /** Names it exports. */
  readonly exports: readonly string[]
}

export const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url))

const SPECIFIER =
  /(?:^|[\s;}])(?:import|export)\s+(?:type\s+)?(?:[\w*{}\s,$]+\s+from\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g
const EXPORTED = /^export\s+(?:declare\s+)?(?:async\s+)?(?:const|let|function\*?|class|interface|type)\s+(\w+)/gm

/** Every TypeScript file below the named folders; read as text, so that types count as much as values. */
export function readSourceTree(...folders: string[]): SourceFile[] {
  return folders.flatMap((folder) => typescriptBelow(join(repositoryRoot, folder))).map(readSource)
}

/** The text without its comments, line numbers kept; string literals stay. */
export function withoutComments(text: string): string {
  return text.replace(
    /('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`)|\/\*[\s\S]*?\*\/|(?<![:\\/])\/\/[^\n]*/g,
    (all, literal?: string) => literal ?? all.replace(/[^\n]/g, ''),
  )
}

function readSource(file: string): SourceFile {
  const path = relative(repositoryRoot, file).split('\\').join('/')
  const text = readFileSync(file, 'utf8')
  const code = withoutComments(text)
  const specifiers = [...code.matchAll(SPECIFIER)].map(([, first, second]) => first ?? second ?? '')
  const imports = specifiers
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => posix.join(posix.dirname(path), specifier))
  const exports = [...code.matchAll(EXPORTED)].map(([, name = '']) => name)
  return { path, text, imports: [...new Set(imports)], exports }
}

function typescriptBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.split('/').includes('node_modules'))
    .sort()
}
