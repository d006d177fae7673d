import { z } from 'zod'

export interface JsonSchema {
  readonly [keyword: string]: unknown
}

/**
 * Reads a schema of an OpenAPI 3.1 document (JSON Schema 2020-12), not the zod schema that it was made from: what is lost on the
 * way into the document is lost here too. A keyword that is not understood throws.
 *
 * @returns what does not fit, as lines of `place: problem`
 */
export function compileSchema(schema: JsonSchema, components: JsonSchema): (value: unknown) => string[] {
  const whole = { ...schema, $defs: components }
  const moved = JSON.stringify(whole).replaceAll('"#/components/schemas/', '"#/$defs/')
  const known = z.fromJSONSchema(JSON.parse(moved), { registry: z.registry() })
  return (value) => {
    const { error } = known.safeParse(value)
    return error === undefined ? [] : error.issues.flatMap((issue) => told(issue))
  }
}

function told(issue: z.core.$ZodIssue, prefix: PropertyKey[] = []): string[] {
  const path = [...prefix, ...issue.path]
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const nearest = issue.errors.reduce((best, some) => (deepest(some) > deepest(best) ? some : best))
    if (nearest.length > 0) return nearest.flatMap((inner) => told(inner, path))
  }
  return [`${path.length === 0 ? 'body' : path.map(String).join('.')}: ${issue.message}`]
}

/** A branch that fails further inside is the one that was meant. */
function deepest(issues: z.core.$ZodIssue[]): number {
  return Math.max(-1, ...issues.map(({ path }) => path.length))
}
