import { parseDocument } from 'yaml'
import type { Problem } from './problem.ts'

/**
 * Parses strict JSON. A syntax error gives no value and one problem; a member that is there twice in one object is a
 * problem too, because parsers silently keep only the last of them.
 */
export function parseJson(text: string): { value: unknown; problems: Problem[] } {
  try {
    return { value: JSON.parse(text), problems: duplicateMembers(text) }
  } catch (error) {
    const message = `is not valid JSON: ${error instanceof Error ? error.message : String(error)}`
    return { value: undefined, problems: [{ path: '(the whole file)', message }] }
  }
}

/** JSON is also YAML, and the YAML parser keeps count of keys and lines. */
function duplicateMembers(text: string): Problem[] {
  const { errors } = parseDocument(text, { uniqueKeys: true, prettyErrors: true })
  return errors
    .filter((error) => error.code === 'DUPLICATE_KEY')
    .map((error) => {
      const { line = 0 } = error.linePos?.[0] ?? {}
      const [member] = /^"(?:[^"\\]|\\.)*"/.exec(text.slice(error.pos[0])) ?? ['']
      return { path: `line ${line}`, message: `the member ${member} is there twice in one object; keep one of them` }
    })
}
