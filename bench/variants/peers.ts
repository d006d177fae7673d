import { fileURLToPath } from 'node:url'
import { ask } from '../parts/ask.ts'
import { startPart } from '../parts/part.ts'
import { signIn } from '../sign-in.ts'
import type { StartVariant, Surroundings } from './variant.ts'

const nothing = async () => undefined

/** http-proxy-middleware on Express, as it is. */
export const startBare: StartVariant = async (surroundings, port) => ({
  name: 'bare',
  port,
  part: await startPeer('bare', surroundings, port, {}),
  headers: async () => ({}),
  beginRun: nothing,
  endRun: nothing,
})

/** The stack that keeps the tokens in an express-session. */
export const startNaive: StartVariant = async (surroundings, port) => {
  const { provider, redisUrl } = surroundings
  const part = await startPeer('naive', surroundings, port, {
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    ISSUER: provider.issuer,
    CLIENT_ID: provider.client.id,
    CLIENT_SECRET: provider.client.secret,
    REDIS_URL: redisUrl,
    SESSION_SECRET: 'only for the benchmark',
  })
  const Cookie = await signIn(port)
  return { name: 'naive', port, part, headers: async () => ({ Cookie }), beginRun: nothing, endRun: nothing }
}

function startPeer(
  name: 'bare' | 'naive',
  { cores, upstreamUrl, nodeOptions }: Surroundings,
  port: number,
  env: Record<string, string>,
) {
  const script =
    name === 'bare' ? new URL('../peers/bare.ts', import.meta.url) : new URL('../peers/naive.ts', import.meta.url)
  return startPart({
    name: `the ${name} peer`,
    core: cores.gateway,
    command: [process.execPath, ...nodeOptions(name), fileURLToPath(script)],
    env: { NODE_ENV: 'production', PORT: String(port), UPSTREAM: upstreamUrl, ...env },
    isReady: async () => (await ask({ port, path: '/api' })).status < 500,
  })
}
