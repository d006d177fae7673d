/** A schema of the document, as JSON. */
export interface DocumentSchema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly format?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly default?: unknown
  readonly example?: unknown
  readonly examples?: readonly unknown[]
  readonly minimum?: number
  readonly properties?: Readonly<Record<string, DocumentSchema>>
  readonly required?: readonly string[]
  readonly items?: DocumentSchema
  readonly anyOf?: readonly DocumentSchema[]
  readonly oneOf?: readonly DocumentSchema[]
}

/** What members are called, and a value that tells what they mean. */
export type ExampleWords = Readonly<Record<string, unknown>>

const TIME = '2026-01-31T09:30:00.000Z'
const DEEPEST = 8

/**
 * Makes an example of a schema from the values that its members say themselves (`.meta({ example })`), or else from the
 * vocabulary, so that a user has the same name everywhere.
 *
 * @returns the example, and the places for which there is no value
 */
export function composeExample(
  schema: DocumentSchema,
  components: Readonly<Record<string, DocumentSchema>>,
  words: ExampleWords,
  name = '',
): { example: unknown; missing: string[] } {
  const missing: string[] = []

  function compose(given: DocumentSchema, member: string, place: string, depth: number): unknown {
    const known = resolve(given, components)
    const own = given.examples?.[0] ?? given.example ?? known.examples?.[0] ?? known.example
    if (own !== undefined) return own
    if (known.const !== undefined) return known.const
    const word = wordFor(member, known)
    if (word !== undefined) return word
    if (known.enum !== undefined) return known.default ?? known.enum[0]
    const branch = (known.anyOf ?? known.oneOf)?.find((some) => resolve(some, components).type !== 'null')
    if (branch !== undefined) return compose(branch, member, place, depth)
    if (known.properties !== undefined) return depth > DEEPEST ? {} : membersOf(known.properties, place, depth)
    if (known.items !== undefined)
      return depth > DEEPEST || isNested(known.items, components, depth)
        ? []
        : [compose(known.items, singular(member), `${place}[]`, depth + 1)]
    return plainValue(known, place)
  }

  /** In a query all is text. */
  function wordFor(member: string, known: DocumentSchema): unknown {
    const word = Object.hasOwn(words, member) ? words[member] : undefined
    return [word, String(word)].find((some) => word !== undefined && fits(some, known, components))
  }

  function membersOf(properties: Readonly<Record<string, DocumentSchema>>, place: string, depth: number): unknown {
    const entries = Object.entries(properties).map(([member, schemaOfMember]) => {
      const inner = place === '' ? member : `${place}.${member}`
      return [member, compose(schemaOfMember, member, inner, depth + 1)]
    })
    return Object.fromEntries(entries)
  }

  function plainValue(known: DocumentSchema, place: string): unknown {
    if (known.default !== undefined) return known.default
    const type = [known.type ?? []].flat().find((some) => some !== 'null')
    if (type === 'integer' || type === 'number') return Math.max(known.minimum ?? 1, 1)
    if (type === 'boolean') return true
    if (type === 'object') return {}
    if (known.format === 'date-time') return TIME
    if (type === 'string') missing.push(place)
    return type === 'array' ? [] : null
  }

  return { example: compose(schema, name, name, 0), missing }
}

function resolve(schema: DocumentSchema, components: Readonly<Record<string, DocumentSchema>>): DocumentSchema {
  const target = components[schema.$ref?.split('/').at(-1) ?? '']
  return target ?? schema
}

/** Whether a list of the same within itself has gone deep enough to be understood (groups in groups). */
function isNested(items: DocumentSchema, components: Readonly<Record<string, DocumentSchema>>, depth: number): boolean {
  const { properties = {} } = resolve(items, components)
  return (
    depth > 2 &&
    Object.values(properties).some((member) => member.items?.$ref !== undefined && member.items.$ref === items.$ref)
  )
}

/** A word is for members of its own kind only; the schema itself is what a test holds it against. */
function fits(word: unknown, schema: DocumentSchema, components: Readonly<Record<string, DocumentSchema>>): boolean {
  const branches = schema.anyOf ?? schema.oneOf
  if (branches !== undefined) return branches.some((some) => fits(word, resolve(some, components), components))
  if (schema.enum !== undefined) return schema.enum.includes(word)
  const kind = Array.isArray(word) ? 'array' : word === null ? 'null' : typeof word
  const types = [schema.type ?? kind].flat()
  return types.includes(kind) || (kind === 'number' && types.includes('integer'))
}

function singular(member: string): string {
  if (member.endsWith('ies')) return `${member.slice(0, -3)}y`
  return member.endsWith('s') ? member.slice(0, -1) : member
}
