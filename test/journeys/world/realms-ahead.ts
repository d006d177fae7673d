import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { deriveRealm } from '../../../keycloak/derive-realm.ts'
import { readRealm } from '../../../keycloak/realm-file.ts'
import { freePort } from '../../support/free-port.ts'
import { createAdminApi } from './admin-api.ts'
import type { ProviderServer } from './provider-server.ts'

const REALM_FILE = 'keycloak/realms/demo-realm.json'

/** A realm at the provider, made for a gateway on this port. */
export interface ReadyRealm {
  readonly name: string
  readonly port: number
  readonly publicUrl: string
}

/** Where journeys get their realms. */
export interface RealmsAhead {
  /** A new realm, mostly made while the story before was told. */
  take(overrides: object): Promise<ReadyRealm>
  /** Deletes it when there is time. */
  giveBack(name: string): void
}

/**
 * Making a realm takes a real Keycloak seconds, and deleting it one more: both happen behind the stories' backs, one after
 * the other, because Keycloak writes into one shared table for either. They are deleted at all because the administrator's
 * token names every realm there is.
 */
export function createRealmsAhead(provider: ProviderServer): RealmsAhead {
  const admin = createAdminApi(provider)
  const keys = provider.name === 'keycloak' ? signingKeys() : {}
  const ahead = new Map<string, Promise<ReadyRealm | undefined>>()
  const usual = new Set([JSON.stringify({})])
  let work: Promise<unknown> = Promise.resolve()
  let made = 0

  async function make(overrides: object): Promise<ReadyRealm> {
    const port = await freePort()
    const realm = { name: `journey-${++made}-${port}`, port, publicUrl: `http://localhost:${port}` }
    const demo = readRealm(readFileSync(REALM_FILE, 'utf8'), {}, REALM_FILE)
    await admin.createRealm({ ...deriveRealm(demo, { ...realm, overrides }), ...keys })
    return realm
  }

  /** A provider that is away in a story loses what was being made; then it is made when it is needed. */
  function later<T>(task: () => Promise<T>): Promise<T | undefined> {
    const done = work.then(task).catch(() => undefined)
    work = done
    return done
  }

  return {
    async take(overrides) {
      const key = JSON.stringify(overrides)
      const waiting = ahead.get(key)
      ahead.delete(key)
      const realm = (await waiting) ?? (await make(overrides))
      // What only one story asks for is not made twice.
      if (usual.has(key))
        ahead.set(
          key,
          later(() => make(overrides)),
        )
      usual.add(key)
      return realm
    },
    giveBack: (name) => void later(() => admin.deleteRealm(name)),
  }
}

/** Keycloak makes two RSA keys for each realm that brings none, which is half of the time that making it takes. */
function signingKeys() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const priority = ['100']
  return {
    components: {
      'org.keycloak.keys.KeyProvider': [
        { name: 'rsa', providerId: 'rsa', config: { priority, privateKey: [pem], algorithm: ['RS256'] } },
        { name: 'hmac', providerId: 'hmac-generated', config: { priority, algorithm: ['HS512'] } },
        { name: 'aes', providerId: 'aes-generated', config: { priority } },
      ],
    },
  }
}
