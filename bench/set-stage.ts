import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Cores } from './machine.ts'
import type { BenchOptions } from './options.ts'
import { freePort } from './parts/free-port.ts'
import { startNginx } from './parts/nginx.ts'
import { startRedis } from './parts/redis.ts'
import { startProvider } from './provider/provider.ts'
import type { VariantName } from './variant-names.ts'
import { variantTitles } from './variant-names.ts'
import { startBearer, startSession } from './variants/cloakroom.ts'
import { startBare, startNaive } from './variants/peers.ts'
import type { StartVariant, Surroundings, Variant } from './variants/variant.ts'

const STARTERS: Record<VariantName, StartVariant> = {
  bare: startBare,
  session: startSession,
  bearer: startBearer,
  naive: startNaive,
}

export interface Stage {
  variants: readonly Variant[]
  requestsServed: () => Promise<number>
}

/**
 * Starts everything the measurement needs, one after the other.
 * @param onStarted gets what undoes each step as soon as the step is done, so that nothing is left behind
 */
export async function setStage(
  options: BenchOptions,
  cores: Cores,
  onStarted: (undo: () => Promise<void>) => void,
  say: (line: string) => void,
): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'cloakroom-bench-'))
  onStarted(() => rm(folder, { recursive: true, force: true }))
  const planned = await Promise.all(options.variants.map(async (name) => ({ name, port: await freePort() })))

  say('starting nginx, Redis and a small OpenID provider')
  const upstream = await startNginx(folder, cores.rest)
  onStarted(upstream.stop)
  const redis = await startRedis(folder, cores.rest)
  onStarted(redis.stop)
  const provider = await startProvider({
    id: 'cloakroom',
    secret: 'a-secret-of-the-benchmark-alone',
    redirectUris: planned.map(({ port }) => `http://127.0.0.1:${port}/callback`),
    audience: 'orders-api',
  })
  onStarted(provider.stop)

  const surroundings: Surroundings = {
    folder,
    cores,
    upstreamUrl: `http://127.0.0.1:${upstream.port}`,
    redisUrl: redis.url,
    provider,
    callers: options.callers,
    nodeOptions: (name) => profileOptions(options.profile, name),
  }
  const variants: Variant[] = []
  for (const { name, port } of planned) {
    say(`starting ${variantTitles[name]}`)
    const variant = await STARTERS[name](surroundings, port)
    onStarted(variant.part.stop)
    variants.push(variant)
  }
  return { variants, requestsServed: upstream.requestsServed }
}

function profileOptions(folder: string | undefined, name: VariantName): readonly string[] {
  return folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${name}.cpuprofile`]
}
