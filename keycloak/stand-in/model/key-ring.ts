import { createHash, createSecretKey, generateKeyPair, type KeyObject, randomBytes, randomUUID } from 'node:crypto'
import { promisify } from 'node:util'

const generate = promisify(generateKeyPair)

/** A key with the settings of the component that provides it. */
export type RealmKey = {
  kid: string
  use: 'sig' | 'enc'
  algorithm: string
  component: KeyComponent
  /** The private key, or the secret of an HMAC key. */
  key: KeyObject
  /** Absent for an HMAC key, which is never published. */
  publicKey?: KeyObject
}

/** What the admin API shows of a key: `/admin/realms/<realm>/components`. */
export type KeyComponent = {
  id: string
  name: string
  providerId: string
  /** Keycloak keeps every setting as a list of strings. */
  config: Record<string, string[]>
}

export type KeyRing = {
  /** The key that signs: the one of highest priority that is enabled and active. Made when the algorithm is new here. */
  signing(algorithm: string): Promise<RealmKey>
  /** The enabled key of this id, for verification. */
  find(kid: string | undefined): RealmKey | undefined
  /** The asymmetric keys that are published, highest priority first. */
  published(): RealmKey[]
  all(): RealmKey[]
  /** Adds a key as `POST …/components` does; answers with it. */
  add(component: Omit<KeyComponent, 'id'>): Promise<RealmKey>
  /** Replaces the settings of the key of this component; says whether there is one. */
  configure(id: string, config: Record<string, string[]>): boolean
  /** Removes the key of this component; says whether there was one. */
  remove(id: string): boolean
}

const providers: Record<string, { algorithm: string; use: 'sig' | 'enc' }> = {
  'rsa-generated': { algorithm: 'RS256', use: 'sig' },
  'rsa-enc-generated': { algorithm: 'RSA-OAEP', use: 'enc' },
  'ecdsa-generated': { algorithm: 'ES256', use: 'sig' },
  'hmac-generated': { algorithm: 'HS512', use: 'sig' },
}
const curves: Record<string, string> = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' }

async function makeKey(component: KeyComponent): Promise<RealmKey> {
  const provider = providers[component.providerId]
  if (!provider) {
    throw new Error(
      `The stand-in cannot make a "${component.providerId}" key. It knows ${Object.keys(providers).join(', ')}.`,
    )
  }
  const algorithm = component.config.algorithm?.[0] ?? provider.algorithm
  if (component.providerId === 'hmac-generated') {
    return { kid: randomUUID(), use: 'sig', algorithm, component, key: createSecretKey(randomBytes(64)) }
  }
  const { privateKey, publicKey } = curves[algorithm]
    ? await generate('ec', { namedCurve: curves[algorithm] })
    : await generate('rsa', { modulusLength: Number(component.config.keySize?.[0] ?? 2048) })
  const kid = createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64url')
  return { kid, use: provider.use, algorithm, component, key: privateKey, publicKey }
}

const priority = (key: RealmKey) => Number(key.component.config.priority?.[0] ?? 0)
const isOn = (key: RealmKey, flag: 'enabled' | 'active') => key.component.config[flag]?.[0] !== 'false'
const byPriority = (a: RealmKey, b: RealmKey) => priority(b) - priority(a) || (a.use < b.use ? -1 : 1)

/** Makes the keys of a fresh realm: one to sign, one to encrypt, one for refresh tokens. */
export async function createKeyRing(): Promise<KeyRing> {
  const component = (providerId: string, algorithm: string): KeyComponent => ({
    id: randomUUID(),
    name: algorithm.startsWith('HS') ? `${providerId}-${algorithm.toLowerCase()}` : providerId,
    providerId,
    config: { priority: ['100'], algorithm: [algorithm] },
  })
  const keys = await Promise.all([
    makeKey(component('rsa-generated', 'RS256')),
    makeKey(component('rsa-enc-generated', 'RSA-OAEP')),
    makeKey(component('hmac-generated', 'HS512')),
  ])

  async function add(settings: Omit<KeyComponent, 'id'>) {
    const key = await makeKey({ ...settings, id: randomUUID() })
    keys.push(key)
    return key
  }

  return {
    async signing(algorithm) {
      const fitting = keys.filter((key) => key.use === 'sig' && key.algorithm === algorithm)
      const [best] = fitting.filter((key) => isOn(key, 'enabled') && isOn(key, 'active')).sort(byPriority)
      if (best) return best
      const providerId = curves[algorithm] ? 'ecdsa-generated' : 'rsa-generated'
      const config = { priority: ['-100'], algorithm: [algorithm] }
      return add({ name: `fallback-${algorithm}`, providerId, config })
    },
    find: (kid) => keys.find((key) => key.kid === kid && isOn(key, 'enabled')),
    published: () => keys.filter((key) => key.publicKey && isOn(key, 'enabled')).sort(byPriority),
    all: () => [...keys],
    add,
    configure(id, config) {
      const found = keys.find((key) => key.component.id === id)
      if (found) found.component.config = { ...found.component.config, ...config }
      return Boolean(found)
    },
    remove(id) {
      const index = keys.findIndex((key) => key.component.id === id)
      if (index >= 0) keys.splice(index, 1)
      return index >= 0
    },
  }
}
