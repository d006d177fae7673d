import { z } from 'zod'
import { ofEveryAnswer } from './described-headers.ts'
import { envelopeMetadataSchema } from './envelope-schemas.ts'
import type { Operation, OperationAnswer } from './operation.ts'

/** Pages and endpoints that a browser may open without being signed in: it is sent to the sign-in (`ask-to-sign-in.ts`). */
const ASKS_TO_SIGN_IN: readonly Operation['who'][] = ['session or bearer', 'administrator']
const page = { schema: z.string() }
const text = { type: 'string', minLength: 1 }
/** Of an example that tells `data` only. */
const METADATA = {
  timestamp: '2026-01-31T09:30:00.000Z',
  version: '1.0',
  correlationId: '01990f2e-6a7b-7c3d-9e21-4b8f0c5d7a10',
}
const NOT_CHANGED = 'Not changed since the version in `If-None-Match`'

/** The successful answers of an operation, by status. */
export function describeAnswers({ method, who, answers }: Operation): Record<string, object> {
  const described = Object.fromEntries(
    Object.entries(answers).map(([status, answer]) => [status, whole(status, answer)]),
  )
  // Express answers `If-None-Match` by itself wherever an ETag is set.
  if (method === 'get' && answers[200]?.headers?.ETag !== undefined)
    described[304] = { description: NOT_CHANGED, headers: ofEveryAnswer }
  if (method !== 'get' || !ASKS_TO_SIGN_IN.includes(who)) return described
  const good = described[200]
  return {
    ...described,
    ...(good && { 200: { ...good, content: { ...good.content, 'text/html': page } } }),
    302: { description: 'A page load without a session is sent to `/login`', headers: headersOf(302, {}) },
  }
}

function whole(status: string, answer: OperationAnswer) {
  return {
    description: answer.description,
    headers: headersOf(Number(status), answer.headers),
    ...contentOf(answer, isRedirection(Number(status))),
  }
}

const isRedirection = (status: number) => status >= 300 && status < 400

function headersOf(status: number, own: OperationAnswer['headers']) {
  const told = { ...(isRedirection(status) && { Location: 'Where to go' }), ...own }
  const described = Object.entries(told).map(([name, description]) => [
    name,
    { description, required: true, schema: text },
  ])
  return { ...ofEveryAnswer, ...Object.fromEntries(described) }
}

function contentOf(
  { data, raw, html, example }: OperationAnswer,
  redirect: boolean,
): { content?: Record<string, object> } {
  // A redirection says in a few words where it leads (RFC 9110 section 15.4).
  if (redirect) return { content: { 'text/html': page, 'text/plain': page } }
  if (html === true) return { content: { 'text/html': page } }
  if (raw !== undefined) return json(raw, example)
  if (data === undefined) return {}
  const schema = z.object({ success: z.literal(true), message: z.string(), data, metadata: envelopeMetadataSchema })
  return json(
    schema,
    example === undefined ? undefined : { success: true, message: 'Done', data: example, metadata: METADATA },
  )
}

function json(schema: z.ZodType, example: unknown) {
  return { content: { 'application/json': { schema, ...(example !== undefined && { example }) } } }
}
