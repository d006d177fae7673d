import { z } from 'zod'
import { type ErrorCode, errorCodes } from '../errors/error-codes.ts'

/** `metadata` of the envelope (design section 3). */
export const envelopeMetadataSchema = z
  .object({
    timestamp: z.iso.datetime(),
    version: z.string(),
    correlationId: z.string(),
    stale: z.literal(true).optional().meta({ description: 'The answer is what was known before Keycloak went away.' }),
    age: z.int().min(0).optional().meta({ description: 'How old it is then, in seconds.' }),
  })
  .meta({ id: 'Metadata' })

export const failureSchema = z
  .object({
    success: z.literal(false),
    error: z.object({
      message: z.string().meta({ description: 'A sentence for people.' }),
      code: z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]).meta({ id: 'ErrorCode' }),
      details: z.record(z.string(), z.unknown()),
      correlationId: z.string(),
      timestamp: z.iso.datetime(),
    }),
    metadata: envelopeMetadataSchema,
  })
  .meta({ id: 'Failure' })

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    instance: z.string(),
    code: z.string(),
    details: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'Problem', description: 'The same failure as problem details (RFC 9457).' })

export const oauthFailureSchema = z
  .object({ error: z.string(), error_description: z.string().optional() })
  .meta({ id: 'OAuthFailure', description: 'RFC 6749 section 5.2' })
