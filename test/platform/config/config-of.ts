import { stringify } from 'yaml'
import type { Config } from '../../../src/platform/config/config.ts'
import { ConfigError, type ConfigProblem } from '../../../src/platform/config/config-error.ts'
import { loadConfig } from '../../../src/platform/config/load-config.ts'

/** The least that starts a gateway in development. */
export const least: Record<string, string> = {
  KEYCLOAK_SERVER_URL: 'http://localhost:8080',
  KEYCLOAK_REALM: 'demo',
  KEYCLOAK_CLIENT_ID: 'cloakroom',
  KEYCLOAK_CLIENT_SECRET: 'kc-secret-of-these-tests',
}

/** The least that starts one in production, with nothing to complain about. */
export const production: Record<string, string> = {
  ...least,
  ENV: 'prod',
  PUBLIC_URL: 'https://app.shop.test',
  KEYCLOAK_SERVER_URL: 'https://id.shop.test',
  REDIS_URL: 'redis://redis:6379',
  DATABASE_URL: 'postgres://cloakroom:q8ZfWv2n@db.shop.test/cloakroom',
  AUDIT_HASH_KEYS: 'mD3kX9vQeLr7uYw2ZsT5oBn8HcAj1PfG6iVtKxRqS0E=',
  KEYCLOAK_CLIENT_SECRET: 'yf6Zq0Xh2vT9wKc4',
  KEYCLOAK_ADMIN_CLIENT_ID: 'cloakroom-admin',
  KEYCLOAK_ADMIN_CLIENT_SECRET: 'pK7Vd3Nw8sYb1LxR',
  SESSION_SECRET_KEY: 'R2JtVfP0xq8mYw3LkZs7Nc5TgHb1UeAoXi9D4vQpKrM',
  SESSION_ENCRYPTION_KEYS: 'vJ1s8cXo2mQfT5yRkLb0ZwN7hUeAgPdI3tVxKqYz9M4=',
}

/** `routes` is the text of a routes file, or what stands under its `routes:`. */
export function configOf(env: Record<string, string>, routes?: string | object[]): Config {
  return loadConfig(env, (path) => {
    if (routes !== undefined && path === 'gateway.yaml')
      return typeof routes === 'string' ? routes : stringify({ routes })
    throw Object.assign(new Error(`no such file: ${path}`), { code: 'ENOENT' })
  })
}

/** Everything that is wrong with it; nothing when it is fine. */
export function problemsOf(env: Record<string, string>, routes?: string | object[]): readonly ConfigProblem[] {
  try {
    configOf(env, routes)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}
