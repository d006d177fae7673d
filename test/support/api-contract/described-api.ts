import { apiOperations } from '../../../src/assembly/api-operations.ts'
import { exampleWords } from '../../../src/assembly/example-words.ts'
import { openapiDocument } from '../../../src/platform/http/openapi-document.ts'
import { compileSchema, type JsonSchema } from './json-schema.ts'

export interface DescribedAnswer {
  readonly content?: Readonly<Record<string, { schema: JsonSchema; example?: unknown }>>
  readonly headers?: Readonly<Record<string, { required?: boolean; schema: JsonSchema }>>
}

export interface DescribedOperation {
  readonly operationId: string
  readonly method: string
  /** With `{id}` for parameters. */
  readonly path: string
  readonly requestBody?: { content: Readonly<Record<string, { schema: JsonSchema; example?: unknown }>> }
  readonly parameters?: readonly {
    name: string
    in: string
    required?: boolean
    schema: JsonSchema
    example?: unknown
  }[]
  readonly responses: Readonly<Record<string, DescribedAnswer>>
}

/** The OpenAPI document as somebody else reads it: JSON and nothing but JSON. */
export interface DescribedApi {
  readonly operations: readonly DescribedOperation[]
  /** The operation of a method and a canonical path; HEAD is the GET without its body. */
  find(method: string, path: string): DescribedOperation | undefined
  /** What does not fit in a value, by a schema of this document. */
  misfits(schema: JsonSchema, value: unknown): string[]
}

interface Document {
  paths: Record<string, Record<string, Omit<DescribedOperation, 'method' | 'path'>>>
  components: { schemas: JsonSchema; [kind: string]: Record<string, unknown> }
}

/** @param managementPrefix where this gateway has its API, such as `/api/v1` */
export function describedApi(managementPrefix: string): DescribedApi {
  const written = openapiDocument(apiOperations, { managementPrefix, publicUrl: 'http://localhost' }, exampleWords)
  const document = JSON.parse(JSON.stringify(written)) as Document
  const { schemas, ...shared } = document.components
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      ...(resolved(operation, shared) as typeof operation),
      ...{ method: method.toUpperCase(), path },
    })),
  )
  const patterns = operations
    .map((operation) => ({ operation, pattern: patternOf(operation.path) }))
    .sort((a, b) => parametersIn(a.operation.path) - parametersIn(b.operation.path))
  const compiled = new Map<string, (value: unknown) => string[]>()
  return {
    operations,
    find(method, path) {
      const wanted = method === 'HEAD' ? 'GET' : method
      return patterns.find(({ operation, pattern }) => operation.method === wanted && pattern.test(path))?.operation
    },
    misfits(schema, value) {
      const text = JSON.stringify(schema)
      const check = compiled.get(text) ?? compileSchema(schema, schemas)
      compiled.set(text, check)
      return check(value)
    },
  }
}

/** Puts what is described once (answers, headers) where it is referred to; schemas keep their references. */
function resolved(part: unknown, shared: Record<string, Record<string, unknown>>): unknown {
  if (Array.isArray(part)) return part.map((some) => resolved(some, shared))
  if (typeof part !== 'object' || part === null) return part
  const { $ref: reference } = part as { $ref?: string }
  const [, kind = '', name = ''] = /^#\/components\/(\w+)\/(.+)$/.exec(reference ?? '') ?? []
  const target = shared[kind]?.[name]
  if (target !== undefined) return resolved(target, shared)
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, resolved(value, shared)]))
}

function patternOf(path: string): RegExp {
  const parts = path.split(/\{[^}]+\}/).map((part) => part.replaceAll('.', '\\.'))
  return new RegExp(`^${parts.join('[^/]+')}$`)
}

function parametersIn(path: string): number {
  return path.split('{').length
}
