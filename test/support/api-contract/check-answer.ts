import type { DescribedAnswer, DescribedApi, DescribedOperation } from './described-api.ts'

/** An answer of the gateway as it went out. */
export interface SeenAnswer {
  readonly method: string
  readonly status: number
  /** By names in small letters. */
  readonly headers: Readonly<Record<string, string | number | readonly string[] | undefined>>
  readonly body: string
}

/** What an answer has that its description does not allow, or lacks; empty when it keeps its word. */
export function checkAnswer(api: DescribedApi, operation: DescribedOperation, answer: SeenAnswer): string[] {
  const described = operation.responses[String(answer.status)]
  if (described === undefined) return [`the status is not described; ${Object.keys(operation.responses)} are`]
  return [...checkHeaders(api, described, answer), ...checkBody(api, described, answer)]
}

function checkHeaders(api: DescribedApi, { headers = {} }: DescribedAnswer, answer: SeenAnswer): string[] {
  return Object.entries(headers).flatMap(([name, { required, schema }]) => {
    const value = answer.headers[name.toLowerCase()]
    if (value === undefined) return required === true ? [`the header ${name} is missing`] : []
    const typed = schema.type === 'integer' ? Number(value) : String(value)
    return api.misfits(schema, typed).map((misfit) => `the header ${name}: ${misfit}`)
  })
}

function checkBody(api: DescribedApi, { content }: DescribedAnswer, { method, headers, body }: SeenAnswer): string[] {
  const type = String(headers['content-type'] ?? '').split(';')[0] ?? ''
  if (content === undefined) return body === '' ? [] : [`a body (${type}) where none is described`]
  const media = content[type]
  if (media === undefined) return [`the content type '${type}' is not described; ${Object.keys(content)} are`]
  if (method === 'HEAD') return body === '' ? [] : ['a body after HEAD']
  if (!type.endsWith('json')) return api.misfits(media.schema, body)
  const read = parse(body)
  return read === undefined ? ['the body is not JSON'] : api.misfits(media.schema, read.value)
}

function parse(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return undefined
  }
}
