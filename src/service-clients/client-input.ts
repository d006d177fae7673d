import { z } from 'zod'
import { paging } from '../platform/http/read-input.ts'
import { publicKeys } from './public-keys.ts'

const MAX_ID = 60
const MIN_LIFETIME = 30
const MAX_LIFETIME = 86_400
const lifetimeProblem = `must be a whole number of seconds from ${MIN_LIFETIME} to ${MAX_LIFETIME}, or null`

/** Text that a person reads: well-formed, in one form, without control characters, bidirectional ones included. */
const line = (max: number) =>
  z
    .string('must be text')
    .refine((value) => value.isWellFormed(), 'must be well-formed Unicode')
    .refine(
      (value) => !/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u.test(value),
      'must not have control characters',
    )
    .transform((value) => value.normalize('NFC').trim())
    .refine((value) => value.length > 0, 'must not be empty; leave it out or give null')
    .refine((value) => value.length <= max, `must have at most ${max} characters`)

const name = line(200).nullable()
const description = line(255).nullable()
const lifetimeSeconds = z
  .int(lifetimeProblem)
  .min(MIN_LIFETIME, lifetimeProblem)
  .max(MAX_LIFETIME, lifetimeProblem)
  .nullable()
const scopes = z
  .array(
    z.string('must be text').regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/, 'is not the name of a scope'),
    'must be a list',
  )
  .max(50, 'must have at most 50 scopes')
  .refine((names) => new Set(names).size === names.length, 'must not name a scope twice')
const version = z.string('must be the version that was read').regex(/^[\w-]{22}$/, 'must be the version that was read')

/** What the settings say of input. */
export interface InputRules {
  /** Each service client's id begins so. */
  prefix: string
  /** Hosts, with a port where it is not 443, at which Keycloak may fetch keys. */
  keyHosts: readonly string[]
}

/** The schemas that requests are read with. */
export function createClientInput({ prefix, keyHosts }: InputRules) {
  const idProblem = `must begin with ${prefix} and have at most ${MAX_ID} characters: a to z, 0 to 9 and single hyphens between`
  const clientId = z
    .string('must be text')
    .max(MAX_ID, idProblem)
    .refine((id) => id.startsWith(prefix) && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(id.slice(prefix.length)), idProblem)

  /** Keycloak fetches what stands there, so it must not be sent to places of a caller's choice. */
  const jwksUrl = z
    .string('must be text')
    .max(255, 'must have at most 255 characters')
    .refine((address) => isKeyAddress(address, keyHosts), {
      message:
        keyHosts.length === 0
          ? 'is not allowed here; send the keys themselves as jwks'
          : `must be an https address at ${keyHosts.join(', ')}, without user, query or fragment`,
    })

  const register = z
    .strictObject({
      clientId: clientId.optional(),
      name: name.default(null),
      description: description.default(null),
      scopes: scopes.default([]),
      lifetimeSeconds: lifetimeSeconds.default(null),
      authentication: z
        .enum(['client_secret', 'private_key_jwt'], 'must be client_secret or private_key_jwt')
        .default('client_secret'),
      jwks: publicKeys.optional(),
      jwksUrl: jwksUrl.optional(),
    })
    .superRefine(({ authentication, jwks, jwksUrl: url }, context) => {
      const given = [jwks, url].filter((one) => one !== undefined).length
      const wrong =
        authentication === 'client_secret'
          ? given > 0 && 'goes with authentication private_key_jwt only'
          : given !== 1 && 'authentication private_key_jwt needs either jwks or jwksUrl'
      if (wrong) context.addIssue({ code: 'custom', path: [url === undefined ? 'jwks' : 'jwksUrl'], message: wrong })
    })

  return {
    register,
    path: z.strictObject({ id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'is not an id') }),
    list: z.strictObject({ ...paging, search: searchText.optional() }),
    nothing: z.strictObject({}),
    change: z
      .strictObject({
        version,
        name: name.optional(),
        description: description.optional(),
        lifetimeSeconds: lifetimeSeconds.optional(),
      })
      .refine((change) => Object.keys(change).length > 1, {
        message: 'must change something: name, description or lifetimeSeconds',
      }),
    scopes: z.strictObject({ version, scopes }),
  }
}

const searchText = z.string('must come once').min(1, 'must not be empty').max(255, 'must have at most 255 characters')

export type ClientInput = ReturnType<typeof createClientInput>
export type Registration = z.output<ClientInput['register']>
export type ClientChange = z.output<ClientInput['change']>

function isKeyAddress(address: string, hosts: readonly string[]): boolean {
  if (!/^https:\/\/[\x21-\x7e]+$/.test(address) || address.includes('\\') || !URL.canParse(address)) return false
  const url = new URL(address)
  // Spelled as it will be read by others: nothing that one parser takes for a host and another for a user name.
  return (
    url.href === address &&
    url.username === '' &&
    url.password === '' &&
    !/[?#]/.test(address) &&
    hosts.includes(url.host)
  )
}
