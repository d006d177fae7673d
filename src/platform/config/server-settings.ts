import { z } from 'zod'
import { commaList, httpUrl, port, seconds, setting, wholeNumber } from './setting.ts'

const group = 'Server'

export const serverSettings = {
  ENV: setting(z.enum(['dev', 'prod'], 'must be dev or prod').default('dev'), {
    group,
    doc: '`prod` refuses sample secrets, embedded parts and plain-http public addresses.',
  }),
  HOST: setting(z.string().min(1).default('127.0.0.1'), { group, doc: 'Address the gateway listens on.' }),
  PORT: setting(port(3000), { group, doc: 'Port the gateway listens on.' }),
  PUBLIC_URL: setting(httpUrl().optional(), {
    group,
    example: 'https://app.example.com',
    doc: 'What browsers call the gateway. Redirect URIs, cookies and the host check are built from it, never from request headers. Required in `prod`; in `dev` it is `http://localhost:PORT`.',
  }),
  ALLOWED_HOSTS: setting(commaList(), {
    group,
    example: 'gateway.internal:3000',
    doc: 'Further `Host` values (comma list) that are served; all others are 421.',
  }),
  ALLOWED_ORIGINS: setting(commaList(), {
    group,
    example: 'https://spa.example.com',
    doc: 'Origins (comma list, exact) that may call the gateway from other sites.',
  }),
  TRUSTED_PROXIES: setting(commaList(), {
    group,
    example: '10.0.0.0/8',
    doc: 'Addresses or CIDR ranges (comma list) of the proxies in front, whose `X-Forwarded-*` and `X-Request-Id` are believed. None by default.',
  }),
  MANAGEMENT_HOST: setting(z.string().min(1).default('127.0.0.1'), { group, doc: 'Address of the management port.' }),
  MANAGEMENT_PORT: setting(port(9464), { group, doc: 'Port that serves Prometheus metrics at `/metrics`.' }),
  MANAGEMENT_PREFIX: setting(
    z
      .string()
      .regex(/^(\/(?!\.+(\/|$))[A-Za-z0-9._~-]+)+$/, 'must be a path such as /api/v1, without a last slash')
      .default('/api/v1'),
    { group, doc: 'Where the management API lives.' },
  ),
  MAX_BODY: setting(wholeNumber(10_485_760, 0, 10_737_418_240, 'bytes'), {
    group,
    doc: 'Largest proxied request body in bytes; a route can say otherwise with `maxBody`.',
  }),
  SHUTDOWN_TIMEOUT: setting(seconds(25, { min: 1, max: 600 }), {
    group,
    doc: 'Seconds that running requests get to finish after SIGTERM.',
  }),
  GATEWAY_CONFIG: setting(z.string().min(1).optional(), {
    group,
    example: 'gateway.yaml',
    doc: 'The routes file. Default: `gateway.yaml` in the working directory, if it is there.',
  }),
  LOG_LEVEL: setting(z.enum(['error', 'warn', 'info', 'debug'], 'must be error, warn, info or debug').default('info'), {
    group,
    doc: '`error` wakes a person, `warn` mends itself, `info` adds one line a request.',
  }),
}
