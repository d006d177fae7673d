import { z } from 'zod'
import { type ErrorCode, errorCodes } from '../errors/error-codes.ts'
import { headersOfRefusal } from './described-headers.ts'
import { failureSchema, oauthFailureSchema, problemSchema } from './envelope-schemas.ts'
import type { Operation } from './operation.ts'

/** What is refused before anybody knows which endpoint is meant. */
const EDGE: readonly ErrorCode[] = [
  ...(['PAYLOAD_TOO_LARGE', 'URI_TOO_LONG', 'EXPECTATION_FAILED', 'MISDIRECTED_REQUEST'] as const),
  'INTERNAL_ERROR',
]
const ANYONE: readonly ErrorCode[] = [...EDGE, 'INVALID_REQUEST', 'INVALID_PATH', 'RATE_LIMITED']
const KNOWN: readonly ErrorCode[] = [
  ...ANYONE,
  'INVALID_COOKIE',
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
  'service client': [...ANYONE, 'ORIGIN_NOT_ALLOWED'],
  session: KNOWN,
  'session or bearer': KNOWN,
  administrator: [...KNOWN, 'INSUFFICIENT_PERMISSIONS'],
}

/** Whoever asks Keycloak's administration may be refused there, or find that none is configured. */
const BY_KEYCLOAK: readonly ErrorCode[] = ['KEYCLOAK_REFUSED', 'KEYCLOAK_REQUIRED']

/** Refusals are described once for all operations that have the same, and referred to by name. */
export function describeRefusals() {
  const names = new Map<string, string>()
  const responses: Record<string, ReturnType<typeof refusal>> = {}

  function referTo(status: number, codes: ErrorCode[], oauth: boolean): { $ref: string } {
    const key = `${oauth} ${[...codes].sort()}`
    let name = names.get(key)
    if (name === undefined) {
      const before = Object.keys(responses).filter((other) => other.startsWith(`Refusal${status}`)).length
      name = `Refusal${status}${before === 0 ? '' : `-${before + 1}`}`
      names.set(key, name)
      responses[name] = refusal(status, codes, oauth)
    }
    return { $ref: `#/components/responses/${name}` }
  }

  return {
    responses,
    /** The refusals of an operation by status: its own, and those of guards, limits and outages. */
    describe({ who, path, body, errors }: Operation): Record<string, object> {
      const ofBodies: ErrorCode[] = body === undefined ? [] : ['UNSUPPORTED_MEDIA_TYPE']
      const administers = path.startsWith('{prefix}') && errors.includes('KEYCLOAK_UNAVAILABLE')
      const codes = new Set([...REFUSED[who], ...ofBodies, ...errors, ...(administers ? BY_KEYCLOAK : [])])
      const byStatus = Map.groupBy(codes, (code) => errorCodes[code].status)
      const oauth = who === 'service client'
      return Object.fromEntries([...byStatus].map(([status, some]) => [String(status), referTo(status, some, oauth)]))
    },
  }
}

function refusal(status: number, codes: ErrorCode[], oauth: boolean) {
  return {
    description: codes.map((code) => `\`${code}\`: ${errorCodes[code].message}`).join('\n\n'),
    headers: headersOfRefusal(status),
    content: oauth ? oauthContent(status) : content(status, codes),
  }
}

const page = { schema: z.string() }

function content(status: number, [code]: ErrorCode[]) {
  if (code === undefined) throw new Error(`no code has the status ${status}`)
  return {
    'application/json': { schema: failureSchema, example: failureExample(code) },
    'application/problem+json': { schema: problemSchema, example: problemExample(code) },
    'text/html': page,
  }
}

/** OAuth errors; what was refused before the endpoint was known is in the envelope. */
function oauthContent(status: number) {
  const example = { error: OAUTH[status] ?? (status >= 500 ? 'server_error' : 'invalid_request') }
  return {
    'application/json': { schema: z.union([oauthFailureSchema, failureSchema]), example },
    'application/problem+json': { schema: problemSchema, example: problemExample('INVALID_REQUEST') },
    'text/html': page,
  }
}

const OAUTH: Record<number, string> = {
  401: 'invalid_client',
  429: 'temporarily_unavailable',
  503: 'temporarily_unavailable',
}
const CORRELATION = '01990f2e-6a7b-7c3d-9e21-4b8f0c5d7a10'
const TIMESTAMP = '2026-01-31T09:30:00.000Z'

function failureExample(code: ErrorCode) {
  const common = { correlationId: CORRELATION, timestamp: TIMESTAMP }
  return {
    success: false,
    error: { message: errorCodes[code].message, code, details: {}, ...common },
    metadata: { timestamp: TIMESTAMP, version: '1.0', correlationId: CORRELATION },
  }
}

function problemExample(code: ErrorCode) {
  const { status, message } = errorCodes[code]
  return {
    type: `urn:cloakroom:error:${code.toLowerCase().replaceAll('_', '-')}`,
    ...{ title: message, status, instance: `urn:cloakroom:request:${CORRELATION}`, code, details: {} },
  }
}
