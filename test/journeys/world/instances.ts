import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { type Instance, startInstance } from '../../cluster/instance.ts'
import { freePort } from '../../support/free-port.ts'
import { GATEWAY_SECRET, type World } from './world.ts'

/** What all instances of a world share; give it to the first one too. */
export function sharedKeys(): Record<string, string> {
  return {
    SESSION_SECRET_KEY: randomBytes(48).toString('base64'),
    SESSION_ENCRYPTION_KEYS: randomBytes(32).toString('base64'),
    IDENTITY_CACHE_TTL: '60',
    RATE_LIMIT_DEFAULT: 'off',
  }
}

/** Further gateways of a world, each a process of its own, behind the same public address. */
export async function startInstances(
  { gateway, redis, provider, realm, api }: World,
  count: number,
  env: Record<string, string>,
): Promise<{ instances: Instance[]; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'cloakroom-instances-'))
  const config = join(folder, 'gateway.yaml')
  const route = { id: 'orders', path: '/api/orders', upstream: api.url, auth: ['session'] }
  writeFileSync(config, stringify({ routes: [route] }))
  writeFileSync(join(folder, '.env'), '')
  const instances: Instance[] = []
  for (let i = 0; i < count; i++) {
    const own = {
      HOST: '127.0.0.1',
      PORT: String(await freePort()),
      MANAGEMENT_PORT: '0',
      PUBLIC_URL: gateway.url,
      REDIS_URL: redis.url,
      KEYCLOAK_SERVER_URL: provider.url,
      KEYCLOAK_REALM: realm,
      KEYCLOAK_CLIENT_ID: 'cloakroom',
      KEYCLOAK_CLIENT_SECRET: GATEWAY_SECRET,
      GATEWAY_CONFIG: config,
    }
    instances.push(await startInstance({ ...own, ...env }, folder))
  }
  return {
    instances,
    async stop() {
      for (const { kill } of instances) await kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
