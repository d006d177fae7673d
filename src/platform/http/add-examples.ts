import { composeExample, type DocumentSchema, type ExampleWords } from './compose-example.ts'

/** By tag or id of an operation; those of the empty text are for all. */
export type ExampleVocabulary = Readonly<Record<string, ExampleWords>>

interface Media {
  schema?: DocumentSchema
  example?: unknown
}

interface WrittenDocument {
  readonly paths?: object
  readonly components?: { readonly schemas?: object }
}

interface OperationOfDocument {
  readonly operationId?: string
  readonly tags?: readonly string[]
  readonly parameters?: { name: string; schema: DocumentSchema; example?: unknown }[]
  readonly requestBody?: { content: Record<string, Media> }
  readonly responses: Record<string, { content?: Record<string, Media> }>
}

/**
 * Gives every parameter, body and JSON answer of the document an example, where there is none yet.
 * @returns where a value is missing, such as `createRole: body name`; those places get no example
 */
export function addExamples(document: WrittenDocument, vocabulary: ExampleVocabulary): string[] {
  const components = (document.components?.schemas ?? {}) as Record<string, DocumentSchema>
  const operations = Object.values(document.paths ?? {}).flatMap((item) => Object.values(item) as OperationOfDocument[])
  return operations.flatMap(({ operationId = '', tags = [], parameters = [], requestBody, responses }) => {
    const words = Object.assign({}, vocabulary[''], ...tags.map((tag) => vocabulary[tag]), vocabulary[operationId])
    const give = (media: Media, place: string, name = ''): string[] => {
      if (media.example !== undefined || media.schema === undefined) return []
      const { example, missing } = composeExample(media.schema, components, words, name)
      if (missing.length === 0) media.example = example
      return missing.map((member) => `${operationId}: ${place} ${member}`)
    }
    const bodies = Object.values(requestBody?.content ?? {})
    const answers = Object.entries(responses).flatMap(([status, { content = {} }]) =>
      Object.entries(content).flatMap(([type, media]) => (type.endsWith('json') ? [{ status, media }] : [])),
    )
    return [
      ...parameters.flatMap((parameter) => give(parameter, 'parameter', parameter.name)),
      ...bodies.flatMap((media) => give(media, 'body')),
      ...answers.flatMap(({ status, media }) => give(media, status)),
    ]
  })
}
