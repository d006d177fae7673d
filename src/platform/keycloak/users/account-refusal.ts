import { z } from 'zod'
import { GatewayError } from '../../errors/gateway-error.ts'
import { isStatus } from '../admin-api/admin-errors.ts'
import { ruleOfRefusal } from './broken-rules.ts'

const fieldProblem = z.object({
  field: z.string(),
  errorMessage: z.string(),
  params: z.array(z.unknown()).default([]),
})
const refusal = z.object({
  error: z.string().optional(),
  errorMessage: z.string().optional(),
  field: z.string().optional(),
  params: z.array(z.unknown()).optional(),
  errors: z.array(fieldProblem).optional(),
})

type Words = (params: readonly unknown[]) => string
const PROBLEMS: Record<string, Words> = {
  'error-invalid-length': ([, least, most]) => `must have ${least} to ${most} characters`,
  'error-invalid-length-too-short': ([, least]) => `must have at least ${least} characters`,
  'error-invalid-length-too-long': ([, , most]) => `must have at most ${most} characters`,
  'error-invalid-email': () => 'is not an e-mail address',
  'error-username-invalid-character': () => 'contains characters that are not allowed in user names',
  'error-person-name-invalid-character': () => 'contains characters that are not allowed in names',
  'error-user-attribute-required': () => 'must not be empty',
  'error-user-attribute-read-only': () => 'cannot be changed here',
}

/**
 * Puts Keycloak's refusal of an account's data (three shapes, see its admin API) into the gateway's own: which field, and
 * what is wrong with it. Whatever is none is given back as it came.
 */
export function accountRefusal(error: unknown): unknown {
  const cause = error instanceof GatewayError ? error.cause : undefined
  const said = refusal.safeParse((cause as { responseData?: unknown } | null | undefined)?.responseData)
  if (!said.success) return error
  const { data } = said
  if (isStatus(cause, 409)) return taken(data.errorMessage ?? '', cause)
  if (!isStatus(cause, 400)) return error
  const rule = ruleOfRefusal(data.error) ?? ruleOfRefusal(data.errorMessage)
  if (rule !== undefined) return new GatewayError('PASSWORD_REFUSED', { details: { rules: [rule] }, cause })
  const { field, errorMessage, params = [] } = data
  const one = field === undefined || errorMessage === undefined ? [] : [{ field, errorMessage, params }]
  const fields = (data.errors ?? one).map((problem) => ({ field: problem.field, problem: inWords(problem) }))
  return fields.length === 0 ? error : new GatewayError('INVALID_REQUEST', { details: { fields }, cause })
}

function taken(message: string, cause: unknown): GatewayError {
  const names = ['username', 'email'].filter((name) => message.toLowerCase().includes(name))
  const fields = names.map((field) => ({ field, problem: 'is taken' }))
  return new GatewayError('ACCOUNT_TAKEN', { details: { fields }, cause })
}

function inWords({ errorMessage, params }: z.output<typeof fieldProblem>): string {
  const words = Object.hasOwn(PROBLEMS, errorMessage) ? PROBLEMS[errorMessage] : undefined
  return words?.(params) ?? 'is not accepted by the identity provider'
}
