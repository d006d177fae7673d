import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AdminGateway, startAdminGateway } from '../administration/admin-gateway.ts'
import { type CrowdTimes, measureCrowd } from '../administration/measure-crowd.ts'
import { measureReads, READ_USERS, type ReadTimes, WARM_UP_USERS } from '../administration/measure-reads.ts'
import { startRealKeycloak } from '../administration/real-keycloak.ts'
import { type Client, createClient, sideBySide, type Times } from '../administration/sample.ts'
import { chooseCores, inspectMachine } from '../machine.ts'
import { freePort } from '../parts/free-port.ts'
import { startNginx } from '../parts/nginx.ts'
import { startRedis } from '../parts/redis.ts'
import type { Suite } from './suite.ts'

const WRITES = 100
const WARM_UP_WRITES = 30
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
      ...{ folder, core: cores.rest, users: READ_USERS + WARM_UP_USERS, say },
      publicUrls: [`http://localhost:${ports.lasting}`, `http://localhost:${ports.passing}`],
    })
    undo.push(keycloak.stop)
    const upstreamUrl = `http://127.0.0.1:${upstream.port}`
    const surroundings = {
      ...{ folder, core: cores.gateway, keycloakUrl: keycloak.url, redisUrl: redis.url, upstreamUrl },
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
    say(`reading ${READ_USERS} users, here and at Keycloak`)
    const reads = await measureReads(client, lasting, keycloak)
    say(`changing users ${WRITES} times with each trail`)
    const [withTrail, without] = await measureWrites(client, [lasting, passing], keycloak.userIds)
    say(`proxied calls, alone and beside ${CROWD} administrators`)
    const crowd = await measureCrowd({
      client,
      gateway: lasting,
      upstreamUrl,
      crowd: CROWD,
      seconds: options.seconds,
    })
    process.stdout.write(`\n${table({ ...reads, withTrail, without, ...crowd })}\n`)
  } finally {
    say('stopping what was started')
    for (const step of undo.reverse()) await step()
  }
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
  await sideBySide(WARM_UP_WRITES, changes)
  return sideBySide(WRITES, changes)
}

type Figures = ReadTimes & CrowdTimes & Record<'withTrail' | 'without', Times | undefined>

function table(figures: Figures): string {
  const { uncached, direct, byLibrary, cached, search, searchDirect, withTrail, without, alone, beside } = figures
  const row = (what: string, times: Times | undefined, against = '') =>
    `| ${what} | ${times?.p50.toFixed(2)} | ${times?.p99.toFixed(2)} | ${against} |`
  const ratio = (of: keyof Times, times: Times | undefined, other: Times | undefined) =>
    ((times?.[of] ?? Number.NaN) / (other?.[of] ?? Number.NaN)).toFixed(2)
  const against = (times: Times | undefined) =>
    `${ratio('p50', times, direct)} × Keycloak, ${ratio('p50', times, byLibrary)} × its library`
  return [
    '| what | p50 ms | p99 ms | compared |',
    '|---|---:|---:|---|',
    row('a user, asked of Keycloak itself', direct),
    row('the same with its admin client library', byLibrary),
    row('a user, not cached', uncached, against(uncached)),
    row('a user, cached', cached),
    row('a search, asked of Keycloak itself', searchDirect),
    row('a search', search, `${ratio('p50', search, searchDirect)} × Keycloak`),
    row('a change, trail in memory', without),
    row('a change, trail in SQLite', withTrail, `${ratio('p50', withTrail, without)} × in memory`),
    row('a proxied call', alone),
    row(`a proxied call beside ${CROWD} administrators`, beside, `p99 ${ratio('p99', beside, alone)} × alone`),
    row('its upstream asked directly', figures.upstreamAlone),
    row(`its upstream beside ${CROWD} administrators`, figures.upstreamBeside),
  ].join('\n')
}
