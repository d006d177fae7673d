import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiResponsesObject } from 'zod-openapi'
import { API_VERSION } from '../errors/envelope.ts'
import { addExamples, type ExampleVocabulary } from './add-examples.ts'
import { describeAnswers } from './describe-answers.ts'
import { describeRefusals } from './describe-refusals.ts'
import { describedHeaders } from './described-headers.ts'
import type { Operation } from './operation.ts'

export type ApiDocument = ReturnType<typeof createDocument>

const SECURITY: Record<Operation['who'], Record<string, string[]>[]> = {
  anyone: [],
  'service client': [{ client: [] }],
  session: [{ session: [] }],
  'session or bearer': [{ session: [] }, { bearer: [] }],
  administrator: [{ session: [] }, { bearer: [] }],
}

/**
 * OpenAPI 3.1 from the operations; `{prefix}` becomes the management prefix.
 * @param vocabulary what examples are made of, where an operation brings none
 */
export function openapiDocument(
  operations: readonly Operation[],
  { managementPrefix, publicUrl }: { managementPrefix: string; publicUrl: string },
  vocabulary: ExampleVocabulary = {},
): ApiDocument {
  const refusals = describeRefusals()
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {}
  for (const operation of operations) {
    const path = operation.path.replace('{prefix}', managementPrefix)
    paths[path] = { ...paths[path], [operation.method]: describe(operation, refusals.describe(operation)) }
  }
  const document = createDocument({
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
      headers: describedHeaders,
      responses: refusals.responses,
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
  addExamples(document, vocabulary)
  return document
}

function describe(operation: Operation, refusals: Record<string, object>) {
  const { id, tag, summary, description, who, params, query, body } = operation
  const requestParams = { ...(params && { path: params }), ...(query && { query }) }
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    security: SECURITY[who],
    ...(Object.keys(requestParams).length === 0 ? {} : { requestParams }),
    ...(body && {
      requestBody: {
        required: !body.schema.safeParse(undefined).success,
        content: { [body.type]: { schema: body.schema, ...(body.example !== undefined && { example: body.example }) } },
      },
    }),
    responses: { ...describeAnswers(operation), ...refusals } as ZodOpenApiResponsesObject,
  } satisfies ZodOpenApiOperationObject
}
