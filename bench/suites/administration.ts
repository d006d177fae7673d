import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AdminGateway, startAdminGateway } from '../administration/admin-gateway.ts'
import { measureCrowd } from '../administration/measure-crowd.ts'
import { REALM, type RealKeycloak, startRealKeycloak } from '../administration/real-keycloak.ts'
import { type Client, createClient, sideBySide, type Times } from '../administration/sample.ts'
import { chooseCores, inspectMachine } from '../machine.ts'
import { freePort } from '../parts/free-port.ts'
import { startNginx } from '../parts/nginx.ts'
import { startRedis } from '../parts/redis.ts'
import type { Suite } from './suite.ts'

const READS = 300
const WRITES = 100
const WARM_UP = 60
const CROWD = 100

/** What administration costs, beside a real Keycloak asked directly in the same moments. */
export const benchAdministration: Suite = async (options, signal, say) => {
  await inspectMachine([])
  const cores = chooseCores()
  const undo: (() => unknown)[] = []
  try {
    const folder = await mkdtemp(join(tmpdir(), 'cloakroom-bench-'))
    undo.push(() => rm(folder, { recursive: true, force: true }))
    const upstream = await startNginx(folder, cores.rest)
    undo.push(upstream.stop)
    const redis = await startRedis(folder, cores.rest)
    undo.push(redis.stop)
    const ports = { lasting: await freePort(), passing: await freePort() }
    const keycloak = await startRealKeycloak({
      ...{ folder, core: cores.rest, users: READS + WARM_UP, say },
      publicUrls: [`http://localhost:${ports.lasting}`, `http://localhost:${ports.passing}`],
    })
    undo.push(keycloak.stop)
    const surroundings = {
      ...{ folder, core: cores.gateway, keycloakUrl: keycloak.url, redisUrl: redis.url },
      upstreamUrl: `http://127.0.0.1:${upstream.port}`,
    }
    const start = async (name: string, port: number, database: object) => {
      say(`starting Cloakroom (${name})`)
      const gateway = await startAdminGateway({
        ...{ ...surroundings, ...database, name: `Cloakroom (${name})`, port },
        managementPort: await freePort(),
      })
      undo.push(gateway.part.stop)
      return gateway
    }
    const lasting = await start('trail in SQLite', ports.lasting, { databaseUrl: `sqlite:${join(folder, 'audit.db')}` })
    const passing = await start('trail in memory', ports.passing, {})
    const client = createClient()
    undo.push(client.close)
    signal.throwIfAborted()
    say(`reading ${READS} users, here and at Keycloak`)
    const reads = await measureReads(client, lasting, keycloak)
    say(`changing users ${WRITES} times with each trail`)
    const [withTrail, without] = await measureWrites(client, [lasting, passing], keycloak.userIds)
    say(`proxied calls, alone and beside ${CROWD} administrators`)
    const crowd = await measureCrowd({
      client,
      gateway: lasting,
      userIds: keycloak.userIds,
      crowd: CROWD,
      seconds: options.seconds,
    })
    process.stdout.write(`\n${table({ ...reads, withTrail, without, ...crowd })}\n`)
  } finally {
    say('stopping what was started')
    for (const step of undo.reverse()) await step()
  }
}

async function measureReads(client: Client, { url, administrator }: AdminGateway, keycloak: RealKeycloak) {
  const authorization = `Bearer ${await keycloak.adminToken()}`
  const here = (id: string | undefined) =>
    client.time({ url: `${url}/api/v1/admin/users/${id}`, headers: administrator })
  const there = (id: string | undefined) =>
    client.time({ url: `${keycloak.url}/admin/realms/${REALM}/users/${id}`, headers: { authorization } })
  const ids = keycloak.userIds
  await sideBySide(WARM_UP, [(round) => here(ids[READS + round]), (round) => there(ids[READS + round])])
  const [uncached, direct] = await sideBySide(READS, [(round) => here(ids[round]), (round) => there(ids[round])])
  const [cached] = await sideBySide(READS, [(round) => here(ids[round])])
  return { uncached, direct, cached }
}

async function measureWrites(client: Client, gateways: readonly AdminGateway[], userIds: readonly string[]) {
  const changes = gateways.map(
    ({ url, administrator }, which) =>
      (round: number) =>
        client.time({
          url: `${url}/api/v1/admin/users/${userIds[round * gateways.length + which]}`,
          method: 'PATCH',
          headers: administrator,
          body: JSON.stringify({ firstName: `Changed in round ${round}` }),
        }),
  )
  await sideBySide(WARM_UP / 2, changes)
  return sideBySide(WRITES, changes)
}

type Figures = Record<
  'uncached' | 'direct' | 'cached' | 'withTrail' | 'without' | 'alone' | 'beside',
  Times | undefined
>

function table({ uncached, direct, cached, withTrail, without, alone, beside }: Figures): string {
  const row = (what: string, times: Times | undefined, against: string) =>
    `| ${what} | ${times?.p50.toFixed(2)} | ${times?.p99.toFixed(2)} | ${against} |`
  const ratio = (of: keyof Times, times: Times | undefined, other: Times | undefined) =>
    ((times?.[of] ?? Number.NaN) / (other?.[of] ?? Number.NaN)).toFixed(2)
  return [
    '| what | p50 ms | p99 ms | compared |',
    '|---|---:|---:|---|',
    row('a user, asked of Keycloak itself', direct, ''),
    row('a user, not cached', uncached, `${ratio('p50', uncached, direct)} × Keycloak`),
    row('a user, cached', cached, ''),
    row('a change, trail in memory', without, ''),
    row('a change, trail in SQLite', withTrail, `${ratio('p50', withTrail, without)} × in memory`),
    row('a proxied call', alone, ''),
    row(`a proxied call beside ${CROWD} administrators`, beside, `p99 ${ratio('p99', beside, alone)} × alone`),
  ].join('\n')
}
