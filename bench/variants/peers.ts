import { fileURLToPath } from 'node:url'
import { writeRequests } from '../measure/write-requests.ts'
import { ask } from '../parts/ask.ts'
import { startPart } from '../parts/part.ts'
import { signIn } from '../sign-in.ts'
import { forEachCaller } from './for-each-caller.ts'
import type { StartVariant, Surroundings } from './variant.ts'

const nothing = async () => undefined

/** http-proxy-middleware on Express, as it is; the callers bring the tokens that the API behind it wants to see. */
export const startBare: StartVariant = async (surroundings, port) => {
  const { folder, callers, provider } = surroundings
  const tokens = await forEachCaller(callers, () => provider.serviceToken())
  const headers = tokens.map((token) => ({ Authorization: `Bearer ${token}` }))
  const requests = await writeRequests(folder, 'bare', port, headers)
  const part = await startPeer('bare', surroundings, port, {})
  return { name: 'bare', port, part, requests, beginRun: nothing, endRun: nothing }
}

/** The stack that keeps the tokens in an express-session. */
export const startNaive: StartVariant = async (surroundings, port) => {
  const { folder, callers, provider, redisUrl } = surroundings
  const part = await startPeer('naive', surroundings, port, {
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    ISSUER: provider.issuer,
    CLIENT_ID: provider.client.id,
    CLIENT_SECRET: provider.client.secret,
    REDIS_URL: redisUrl,
    SESSION_SECRET: 'only for the benchmark',
  })
  try {
    const cookies = await forEachCaller(callers, () => signIn(port))
    const headers = cookies.map((cookie) => ({ Cookie: cookie }))
    const requests = await writeRequests(folder, 'naive', port, headers)
    return { name: 'naive', port, part, requests, beginRun: nothing, endRun: nothing }
  } catch (error) {
    await part.stop()
    throw error
  }
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
