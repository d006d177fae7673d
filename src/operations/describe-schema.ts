import { escapeHtml } from '../platform/http/html-page.ts'

/** The part of JSON Schema that the document uses. */
export interface Schema {
  $ref?: string
  type?: string | string[]
  description?: string
  enum?: unknown[]
  const?: unknown
  format?: string
  pattern?: string
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  additionalProperties?: Schema | boolean
  anyOf?: Schema[]
  minLength?: number
  maxLength?: number
}

const DEEPEST = 6

/** A schema as nested lists that a person can read. */
export function describeSchema(schema: Schema, schemas: Record<string, Schema>, depth = 0): string {
  const known = resolve(schema, schemas)
  const inner = depth > DEEPEST ? '' : membersOf(known, schemas, depth)
  const note = known.description === undefined ? '' : ` <span class="d">${escapeHtml(known.description)}</span>`
  return `<span class="t">${escapeHtml(typeOf(known, schemas))}</span>${note}${inner}`
}

function resolve(schema: Schema, schemas: Record<string, Schema>): Schema {
  const name = schema.$ref?.split('/').at(-1)
  return name === undefined
    ? schema
    : { ...schemas[name], ...(schema.description && { description: schema.description }) }
}

function membersOf(schema: Schema, schemas: Record<string, Schema>, depth: number): string {
  if (schema.items !== undefined) return membersOf(resolve(schema.items, schemas), schemas, depth + 1)
  const object = schema.anyOf?.map((some) => resolve(some, schemas)).find(({ properties }) => properties !== undefined)
  if (schema.properties === undefined && object !== undefined) return membersOf(object, schemas, depth)
  const named = Object.entries(schema.properties ?? {})
  const { additionalProperties: others } = schema
  if (typeof others === 'object' && Object.keys(others).length > 0) named.push(['<name>', others])
  if (named.length === 0 || depth > DEEPEST) return ''
  const items = named.map(([name, member]) => {
    const optional = schema.required?.includes(name) === true || name === '<name>' ? '' : '?'
    return `<li><code>${escapeHtml(name)}${optional}</code> ${describeSchema(member, schemas, depth + 1)}</li>`
  })
  return `<ul class="o">${items.join('')}</ul>`
}

function typeOf(schema: Schema, schemas: Record<string, Schema>): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  if (schema.anyOf !== undefined) return schema.anyOf.map((some) => typeOf(resolve(some, schemas), schemas)).join(' | ')
  if (schema.items !== undefined) return `list of ${typeOf(resolve(schema.items, schemas), schemas)}`
  const type = Array.isArray(schema.type) ? schema.type.join(' | ') : (schema.type ?? 'anything')
  if (schema.format === 'date-time') return 'time'
  return schema.maxLength === undefined ? type : `${type}, at most ${schema.maxLength}`
}
