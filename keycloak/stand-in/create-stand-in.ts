import type RealmRepresentation from '@keycloak/keycloak-admin-client/lib/defs/realmRepresentation.js'
import type { Realm as RealmFile } from '../realm-schema.ts'
import { type Clock, createClock } from './clock.ts'
import { createApp } from './create-app.ts'
import { createJournal, type JournalEntry } from './journal.ts'
import { createListener, type Listener } from './listener.ts'
import { createRealms, masterRealm, type Realms } from './realms.ts'

export type StandInOptions = {
  /** What `loadRealmFile` returns, or realm representations whose placeholders are resolved. */
  realms: (RealmFile | RealmRepresentation)[]
  /** 0, the default, takes any free port. */
  port?: number
  host?: string
  /** Where browsers reach it, when that is not `http://<host>:<port>`: the issuer begins with it. */
  publicUrl?: string
  clock?: Clock
  /** The administrator in realm `master`. */
  admin?: { username: string; password: string }
  /** Where `ENV` is looked up. */
  env?: Record<string, string | undefined>
}

/** What tests may do to a running stand-in. */
export type StandInControls = {
  /** Gives the realm a new signing key, used from the next token on; answers with its `kid`. */
  rotateKeys(realm: string): Promise<string>
  /** Stops listening, as a Keycloak that went down. Sessions are kept; codes and open login forms are lost. */
  goDown(): Promise<void>
  /** Listens again on the same port. */
  comeBack(): Promise<void>
  /** The requests so far, without anything secret. */
  requests(): JournalEntry[]
  forgetRequests(): void
  /** Lets so many seconds pass: sessions and tokens grow old, and new tokens are dated accordingly. */
  advance(seconds: number): void
}

export type StandIn = {
  /** Where browsers reach it: the beginning of every issuer. */
  url: string
  /** Where it listens. */
  localUrl: string
  stop(): Promise<void>
  controls: StandInControls
}

function createControls(
  realms: Realms,
  listener: Listener,
  clock: Clock,
  journal: ReturnType<typeof createJournal>,
): StandInControls {
  return {
    async rotateKeys(name) {
      const realm = realms.find(name)
      if (!realm) throw new Error(`There is no realm "${name}" to rotate the keys of.`)
      const priorities = realm.keys.all().map((key) => Number(key.component.config.priority?.[0] ?? 0))
      const priority = [String(Math.max(...priorities) + 1)]
      const algorithm = realm.settings.defaultSignatureAlgorithm ?? 'RS256'
      const providerId = algorithm.startsWith('ES') ? 'ecdsa-generated' : 'rsa-generated'
      const config = { priority, algorithm: [algorithm] }
      return (await realm.keys.add({ name: `rotated-${priority}`, providerId, config })).kid
    },
    async goDown() {
      await listener.close()
      for (const { realm, tabs } of realms.allLive()) {
        realm.codes.clear()
        tabs.expireAll()
      }
    },
    comeBack: () => listener.reopen(),
    requests: journal.entries,
    forgetRequests: journal.clear,
    advance: (seconds) => clock.advance(seconds),
  }
}

/**
 * Starts the stand-in: a development identity provider that answers like Keycloak, from the same realm files.
 * It keeps everything in memory and passwords in plain text.
 * @throws when `ENV` is `prod`, or the port is taken (`EADDRINUSE`)
 */
export async function createStandIn(options: StandInOptions): Promise<StandIn> {
  const { host = '127.0.0.1', port = 0, clock = createClock(), env = process.env } = options
  if (env.ENV === 'prod') {
    throw new Error(
      'The stand-in is for development only and does not start with ENV=prod. ' +
        'Use a real Keycloak: set KEYCLOAK_SERVER_URL to its address, or set ENV=dev to try things out.',
    )
  }
  const listener = await createListener(port, host)
  const shownHost = host.includes(':') ? `[${host}]` : host
  const localUrl = `http://${shownHost}:${listener.port()}`
  const url = (options.publicUrl ?? localUrl).replace(/\/$/, '')
  const realms = createRealms(url, clock)
  const journal = createJournal(clock)
  const admin = options.admin ?? { username: 'admin', password: 'admin' }
  const all = [masterRealm(admin), ...options.realms]
  // A checked realm file only differs in how TypeScript writes optional members.
  await Promise.all(all.map((realm) => realms.add(realm as RealmRepresentation)))
  listener.serve(createApp({ realms, clock, journal, publicUrl: url }))
  return { url, localUrl, stop: () => listener.close(), controls: createControls(realms, listener, clock, journal) }
}
