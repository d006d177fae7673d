import { z } from 'zod'
import { httpUrlProblem } from './setting.ts'

export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

const routePath = z
  .string()
  .regex(
    /^\/$|^(\/[A-Za-z0-9._~!$&'()*+,=:@-]+)+$/,
    'must be / or whole segments such as /api/orders, without a last slash',
  )
  .refine((path) => !path.split('/').some((segment) => /^\.+$/.test(segment)), 'must not contain dot segments')

const upstream = z
  .string()
  .refine(
    (text) => httpUrlProblem(text) === undefined,
    'must be a fixed http:// or https:// origin with an optional base path',
  )
  .transform((text) => text.replace(/\/+$/, ''))

const role = z.string().regex(/^(realm:[^\s:]+|client:[^\s:]+:.+)$/, 'must be realm:<role> or client:<client>:<role>')

const require = z.strictObject({
  roles: z.array(role).default([]),
  scopes: z.array(z.string().regex(/^[\x21-\x7e]+$/, 'must be one scope')).default([]),
  groups: z.array(z.string().startsWith('/', 'must be a full group path such as /staff/support')).default([]),
  acr: z.union([z.string().min(1), z.array(z.string().min(1)).min(1), z.null()]).default(null),
})

const auth = z.union([
  z.literal('none'),
  z
    .array(z.enum(['session', 'bearer'], 'must be session or bearer (api-key comes with a later version)'))
    .min(1, 'must name at least one, or be none'),
])

const token = z.enum(
  ['relay', 'none'],
  'must be relay or none (exchange and clientCredentials come with a later version)',
)

const file = z.string().min(1, 'must be the path of a PEM file')

/** How the gateway and an upstream prove themselves to each other. */
const tls = z.strictObject({
  ca: file.optional(),
  cert: file.optional(),
  key: file.optional(),
  serverName: z
    .string()
    .regex(
      /^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$/,
      'must be a host name',
    )
    .optional(),
})

/** One entry under `routes:`; unknown members are refused, because a misspelt rule would be no rule. */
export const routeSchema = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'must be letters, digits, - and _ (64 at most)'),
  path: routePath,
  upstream,
  stripPath: z.boolean().default(false),
  auth,
  methods: z.array(z.enum(METHODS)).min(1).optional(),
  require: require.optional(),
  token: token.optional(),
  websocket: z.boolean('must be true or false').default(false),
  tls: tls.optional(),
  http2: z.boolean('must be true or false').default(false),
  timeout: z.number().positive().max(3600).default(30),
  rateLimit: z.strictObject({ limit: z.number().int().positive(), window: z.number().int().positive() }).optional(),
  maxBody: z.number().int().nonnegative().optional(),
  cookies: z.literal('pass').optional(),
  setCookie: z.literal('pass').optional(),
})

export const routesFileSchema = z.strictObject({ routes: z.array(routeSchema).default([]) })

type Parsed = z.output<typeof routeSchema>

/** A route as the gateway uses it. */
export interface RouteConfig extends Omit<Parsed, 'methods' | 'require' | 'token' | 'rateLimit' | 'maxBody' | 'tls'> {
  methods: readonly string[]
  require: z.output<typeof require>
  token: 'relay' | 'none'
  rateLimit: { limit: number; window: number } | undefined
  maxBody: number | undefined
  tls: z.output<typeof tls> | undefined
}

/** Fills in what depends on other members. */
export function completeRoute(route: Parsed): RouteConfig {
  const { methods = [...METHODS], ...rest } = route
  return {
    ...rest,
    methods: methods.includes('GET') && !methods.includes('HEAD') ? [...methods, 'HEAD'] : methods,
    require: route.require ?? { roles: [], scopes: [], groups: [], acr: null },
    token: route.token ?? (route.auth === 'none' ? 'none' : 'relay'),
    rateLimit: route.rateLimit,
    maxBody: route.maxBody,
    tls: route.tls,
  }
}
