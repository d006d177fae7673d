import type { ConfigProblem } from './config-error.ts'
import { docOf } from './setting.ts'
import { settingsShape } from './settings.ts'

/** Enough for any list of keys; a path that names something else by mistake is not read into memory as a secret. */
const LONGEST = 65_536

/** What a secret is called when it stands in a file, by the name of its setting: `SESSION_SECRET_KEY_FILE`. */
export const SECRET_FILES: ReadonlyMap<string, string> = new Map(
  Object.entries(settingsShape)
    .filter(([, schema]) => docOf(schema)?.secret !== undefined)
    .map(([name]) => [name, `${name}_FILE`]),
)

/**
 * Secrets that managers of secrets (of Docker, Kubernetes, Vault's agent) lay down as files take the place of the variables
 * they stand for; the line break at the end of a file is none of the secret. What is in a file never gets into a problem.
 * @param env without empty variables
 */
export function secretsFromFiles(
  env: NodeJS.ProcessEnv,
  readFile: (path: string) => string,
): { given: NodeJS.ProcessEnv; problems: ConfigProblem[] } {
  const problems: ConfigProblem[] = []
  const given = { ...env }
  for (const [name, where] of SECRET_FILES) {
    const path = env[where]
    if (path === undefined) continue
    if (env[name] !== undefined)
      problems.push({ where, what: `and ${name} are both set, and only one can count. Remove one of them.` })
    const { secret, fault } = readSecret(path, readFile)
    if (secret === undefined) problems.push({ where, what: `names ${path}, which ${fault}` })
    else given[name] = secret
  }
  return { given, problems }
}

function readSecret(path: string, readFile: (path: string) => string): { secret?: string; fault?: string } {
  let text: string
  try {
    text = readFile(path)
  } catch (error) {
    const { code = 'error' } = error as NodeJS.ErrnoException
    return { fault: `cannot be read (${code}). Correct the path, or let the gateway read the file.` }
  }
  if (text.length > LONGEST) return { fault: 'is too long for a secret. Correct the path.' }
  const secret = text.replace(/\r?\n$/, '')
  if (secret === '') return { fault: 'is empty. Write the secret into it.' }
  if (/[\r\n]/.test(secret)) return { fault: 'has several lines. Write the secret into it as one line.' }
  return { secret }
}
