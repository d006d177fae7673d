import { z } from 'zod'
import { commaList, setting, wholeNumber } from './setting.ts'

const group = 'Redis'

/** Where a server listens. */
export interface HostAndPort {
  readonly host: string
  readonly port: number
}

interface RedisLogin {
  readonly username: string | undefined
  readonly password: string | undefined
  readonly tls: boolean
}

/** One of three forms; which, only src/platform/redis knows. */
export type RedisConfig =
  | { kind: 'single'; url: string }
  | (RedisLogin & {
      kind: 'sentinel'
      sentinels: HostAndPort[]
      /** How the Sentinels call the primary. */
      name: string
      sentinelPassword: string | undefined
      database: number
    })
  | (RedisLogin & { kind: 'cluster'; nodes: HostAndPort[] })

const HOST_AND_PORT = /^(?:\[([\da-f:.]+)\]|([\w.-]+)):(\d{1,5})$/i

/** A comma list of `host:port`; an IPv6 address stands in brackets. Not set at all when empty. */
function hostsAndPorts(example: string) {
  return commaList()
    .refine(
      (items) => items.every((item) => item === '' || isPort(Number(HOST_AND_PORT.exec(item)?.[3]))),
      `must be a comma list of host:port, such as ${example}`,
    )
    .transform((items) => items.map(readHostAndPort))
}

const isPort = (port: number) => port > 0 && port <= 65_535

function readHostAndPort(text: string): HostAndPort {
  const [, inBrackets, plain = '', port] = HOST_AND_PORT.exec(text) ?? []
  return { host: inBrackets ?? plain, port: Number(port) }
}

export const redisSettings = {
  REDIS_URL: setting(
    z
      .string()
      .refine(
        (text) => /^rediss?:\/\/.+/.test(text) && URL.canParse(text),
        'must be redis://[user:password@]host:port[/database] or rediss://…',
      )
      .optional(),
    {
      group,
      secret: 'in-address',
      example: 'redis://127.0.0.1:6379',
      doc: 'One Redis for sessions and the cluster. Without any Redis (only in `dev`) sessions live in this process.',
    },
  ),
  REDIS_SENTINELS: setting(hostsAndPorts('sentinel-1:26379,sentinel-2:26379'), {
    group,
    example: 'sentinel-1:26379,sentinel-2:26379,sentinel-3:26379',
    doc: 'Instead of `REDIS_URL`: the Sentinels (comma list of `host:port`) that know which Redis is the primary.',
  }),
  REDIS_SENTINEL_NAME: setting(z.string().regex(/^\S+$/, 'must be a name without blanks').default('mymaster'), {
    group,
    doc: 'How the Sentinels call the primary (`sentinel monitor <name> …`).',
  }),
  REDIS_CLUSTER_NODES: setting(hostsAndPorts('redis-1:6379,redis-2:6379'), {
    group,
    example: 'redis-1:6379,redis-2:6379,redis-3:6379',
    doc: 'Instead of `REDIS_URL`: some nodes of a Redis Cluster (comma list of `host:port`, Redis 7 or newer); the others are found by themselves.',
  }),
  REDIS_USERNAME: setting(z.string().min(1).optional(), {
    group,
    example: 'cloakroom',
    doc: 'The user at Redis behind Sentinels or in a cluster; with `REDIS_URL` it stands in the address.',
  }),
  REDIS_PASSWORD: setting(z.string().min(1).optional(), {
    group,
    secret: true,
    example: '',
    doc: 'The password at Redis behind Sentinels or in a cluster; with `REDIS_URL` it stands in the address.',
  }),
  REDIS_SENTINEL_PASSWORD: setting(z.string().min(1).optional(), {
    group,
    secret: true,
    example: '',
    doc: 'The password of the Sentinels themselves, when they have one.',
  }),
  REDIS_DATABASE: setting(wholeNumber(0, 0, 1_000_000), {
    group,
    doc: 'The database behind Sentinels; a cluster has only 0, and with `REDIS_URL` it stands in the address.',
  }),
  REDIS_TLS: setting(z.enum(['off', 'on'], 'must be on or off').default('off'), {
    group,
    doc: '`on`: TLS to Sentinels, Redis behind them and cluster nodes; with `REDIS_URL` it is written `rediss://`. Private authorities come through `NODE_EXTRA_CA_CERTS`.',
  }),
}
