/** Headers of answers that are described once, by the name under which the document has them. */
export const describedHeaders = {
  RequestId: {
    description: 'The id of this request, in the log and the audit trail too.',
    required: true,
    schema: { type: 'string', minLength: 1 },
    example: '01990f2e-6a7b-7c3d-9e21-4b8f0c5d7a10',
  },
  RetryAfter: {
    description: 'Seconds after which asking again makes sense (RFC 9110 section 10.2.3).',
    required: true,
    schema: { type: 'integer', minimum: 0 },
    example: 5,
  },
  Challenge: {
    description: 'What would be accepted, where that is a token or a client (RFC 9110 section 11.6.1).',
    schema: { type: 'string' },
    example: 'Bearer realm="cloakroom"',
  },
} as const

const referTo = (name: keyof typeof describedHeaders) => ({ $ref: `#/components/headers/${name}` })

/** Of every answer. */
export const ofEveryAnswer = { 'X-Request-Id': referTo('RequestId') }

/** Of a refusal, by its status. */
export function headersOfRefusal(status: number) {
  if (status === 401) return { ...ofEveryAnswer, 'WWW-Authenticate': referTo('Challenge') }
  if (status === 429 || status === 503) return { ...ofEveryAnswer, 'Retry-After': referTo('RetryAfter') }
  return ofEveryAnswer
}
