import { readFile } from 'node:fs/promises'
import { checkRealm } from './realm-file/check-realm.ts'
import { parseJson } from './realm-file/parse-json.ts'
import { type Environment, resolvePlaceholders } from './realm-file/placeholders.ts'
import type { Problem } from './realm-file/problem.ts'
import { validateShape } from './realm-file/validate-shape.ts'
import type { Realm } from './realm-schema.ts'

/** A realm file that cannot be used. `problems` names each fault with its JSON path and the mend; so does the message. */
export class RealmFileError extends Error {
  readonly problems: readonly Problem[]

  constructor(source: string, problems: readonly Problem[]) {
    const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`
    super(
      `The realm file ${source} has ${count}:\n${problems.map(({ path, message }) => `  ${path}: ${message}`).join('\n')}`,
    )
    this.name = 'RealmFileError'
    this.problems = problems
  }
}

/**
 * Reads a realm file: JSON, then `${VAR}` placeholders from `env` as Keycloak resolves them, then every check.
 *
 * @throws RealmFileError naming all problems at once, also when the file cannot be read.
 */
export async function loadRealmFile(path: string, env: Environment): Promise<Realm> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${error.code ?? error.message})`
    throw new RealmFileError(path, [{ path: '(the whole file)', message: `${why}; check the path` }])
  })
  return readRealm(text, env, path)
}

/** The same for a text at hand; `source` is the name used in messages. */
export function readRealm(text: string, env: Environment, source: string): Realm {
  const json = parseJson(text)
  if (json.value === undefined) throw new RealmFileError(source, json.problems)
  const resolved = resolvePlaceholders(json.value, env)
  const shaped = validateShape(resolved.value)
  const checked = shaped.realm === undefined ? [] : checkRealm(shaped.realm)
  const problems = firstPerPath([...json.problems, ...resolved.problems, ...shaped.problems, ...checked])
  if (shaped.realm === undefined || problems.length > 0) throw new RealmFileError(source, problems)
  return shaped.realm
}

/** A value already found wrong is not judged again: the second complaint would only follow from the first. */
function firstPerPath(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>()
  return problems.filter(({ path }) => !seen.has(path) && seen.add(path))
}
