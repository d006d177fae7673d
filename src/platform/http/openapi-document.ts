import { z } from 'zod'
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiResponsesObject } from 'zod-openapi'
import { API_VERSION } from '../errors/envelope.ts'
import { type ErrorCode, errorCodes } from '../errors/error-codes.ts'
import type { Operation, OperationAnswer } from './operation.ts'

export type ApiDocument = ReturnType<typeof createDocument>

const metadata = z
  .object({ timestamp: z.iso.datetime(), version: z.string(), correlationId: z.string() })
  .meta({ id: 'Metadata' })
const failure = z
  .object({
    success: z.literal(false),
    error: z.object({
      message: z.string().meta({ description: 'A sentence for people.' }),
      code: z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]).meta({ id: 'ErrorCode' }),
      details: z.record(z.string(), z.unknown()),
      correlationId: z.string(),
      timestamp: z.iso.datetime(),
    }),
    metadata,
  })
  .meta({ id: 'Failure' })
const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    instance: z.string(),
    code: z.string(),
    details: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'Problem', description: 'The same failure as problem details (RFC 9457).' })
const oauthFailure = z
  .object({ error: z.string(), error_description: z.string().optional() })
  .meta({ id: 'OAuthFailure', description: 'RFC 6749 section 5.2' })

const ANYONE: readonly ErrorCode[] = ['INVALID_REQUEST', 'RATE_LIMITED', 'INTERNAL_ERROR']
const KNOWN: readonly ErrorCode[] = [
  ...ANYONE,
  'AUTHENTICATION_REQUIRED',
  'TOKEN_INVALID',
  'TOKEN_EXPIRED',
  'CSRF_REJECTED',
  'ORIGIN_NOT_ALLOWED',
  'SESSION_STORE_UNAVAILABLE',
  'REFRESH_FAILED',
  'JWKS_UNAVAILABLE',
  'REVOCATIONS_UNAVAILABLE',
]
/** What guards, limits and outages refuse, by who may call. */
const REFUSED: Record<Operation['who'], readonly ErrorCode[]> = {
  anyone: ANYONE,
  'service client': ANYONE,
  session: KNOWN,
  'session or bearer': KNOWN,
  administrator: [...KNOWN, 'INSUFFICIENT_PERMISSIONS'],
}
const SECURITY: Record<Operation['who'], Record<string, string[]>[]> = {
  anyone: [],
  'service client': [{ client: [] }],
  session: [{ session: [] }],
  'session or bearer': [{ session: [] }, { bearer: [] }],
  administrator: [{ session: [] }, { bearer: [] }],
}

/** OpenAPI 3.1 from the operations; `{prefix}` becomes the management prefix. */
export function openapiDocument(
  operations: readonly Operation[],
  { managementPrefix, publicUrl }: { managementPrefix: string; publicUrl: string },
): ApiDocument {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {}
  for (const operation of operations) {
    const path = operation.path.replace('{prefix}', managementPrefix)
    paths[path] = { ...paths[path], [operation.method]: describe(operation) }
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Cloakroom',
      version: API_VERSION,
      license: { name: 'MIT', identifier: 'MIT' },
      description:
        'The own endpoints of the gateway. Routes of the routes file are described by the APIs behind them. Unsafe requests with the session cookie need the header `X-CSRF: 1`.',
    },
    servers: [{ url: publicUrl }],
    tags: [...new Set(operations.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: publicUrl.startsWith('https:') ? '__Host-cloakroom' : 'cloakroom',
        },
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        client: {
          type: 'http',
          scheme: 'basic',
          description: 'Client id and secret, or `client_assertion` in the form.',
        },
      },
    },
  })
}

function describe({ id, tag, summary, description, who, params, query, body, answers, errors }: Operation) {
  const requestParams = { ...(params && { path: params }), ...(query && { query }) }
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    security: SECURITY[who],
    ...(Object.keys(requestParams).length === 0 ? {} : { requestParams }),
    ...(body && { requestBody: { required: true, content: { [body.type]: { schema: body.schema } } } }),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, answerOf(answer)])),
      ...failuresOf([...REFUSED[who], ...errors], who === 'service client'),
    } as ZodOpenApiResponsesObject,
  } satisfies ZodOpenApiOperationObject
}

function answerOf({ description, data, raw, html, example }: OperationAnswer) {
  if (html === true) return { description, content: { 'text/html': { schema: z.string() } } }
  const schema = raw ?? (data && z.object({ success: z.literal(true), message: z.string(), data, metadata }))
  if (schema === undefined) return { description }
  return { description, content: { 'application/json': { schema, ...(example === undefined ? {} : { example }) } } }
}

function failuresOf(codes: readonly ErrorCode[], oauth: boolean) {
  const byStatus = Map.groupBy(new Set(codes), (code) => errorCodes[code].status)
  return Object.fromEntries(
    [...byStatus].map(([status, some]) => [
      String(status),
      {
        description: some.map((code) => `\`${code}\`: ${errorCodes[code].message}`).join('\n\n'),
        content: oauth
          ? { 'application/json': { schema: oauthFailure } }
          : { 'application/json': { schema: failure }, 'application/problem+json': { schema: problem } },
      },
    ]),
  )
}
