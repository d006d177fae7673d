import { once } from 'node:events'
import type { Server } from 'node:http'
import { createGateway, type Gateway } from './gateway.ts'
import type { Config } from './platform/config/config.ts'
import { ConfigError } from './platform/config/config-error.ts'
import { loadConfig } from './platform/config/load-config.ts'

const EXIT_CONFIG = 78
const EXIT_START = 1
const SWEEP_MS = 50

/** Reads the configuration, builds the gateway, binds its ports when it can answer, and ends in order on SIGTERM or SIGINT. */
export async function startGateway(env: NodeJS.ProcessEnv): Promise<void> {
  const config = readConfig(env)
  const gateway = await createGateway(config)
  const { log, server, managementServer } = gateway
  const stop = createStop(gateway, config.server.shutdownTimeout)
  // When nobody reads the log any more (a closed pipe), the gateway goes on without it.
  for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined)
  process.once('SIGTERM', () => void stop('SIGTERM', 0))
  process.once('SIGINT', () => void stop('SIGINT', 0))
  process.on('unhandledRejection', (error) => log.error('a promise failed and nobody noticed', { error }))
  process.on('uncaughtException', (error) => {
    log.error('an error nobody caught; stopping', { error })
    void stop('uncaughtException', 1)
  })
  try {
    const { host, port, managementHost, managementPort } = config.server
    await listen(managementServer, managementPort, managementHost, 'MANAGEMENT_')
    await listen(server, port, host, '')
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(EXIT_START)
  }
  log.info('cloakroom is ready', readyLine(config, server, managementServer))
}

function readConfig(env: NodeJS.ProcessEnv): Config {
  try {
    return loadConfig(env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(`${error.message}\nEvery setting is explained in docs/configuration.md.\n`)
    process.exit(EXIT_CONFIG)
  }
}

/** @param prefix what stands before `HOST` and `PORT` in the names of its settings */
async function listen(server: Server, port: number, host: string, prefix: 'MANAGEMENT_' | ''): Promise<void> {
  const setting = `${prefix}PORT`
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE')
      throw new Error(`Port ${port} on ${host} is taken. Stop what listens there, or set ${setting} to another port.`)
    if (code === 'EACCES')
      throw new Error(`Port ${port} on ${host} may not be bound by this user. Set ${setting} to a port above 1023.`)
    throw new Error(
      `The gateway cannot listen on ${host}:${port} (${code ?? 'unknown error'}). Look at ${prefix}HOST and ${setting}.`,
    )
  }
}

function readyLine(
  { env, server: { publicUrl }, provider, redis, routes }: Config,
  server: Server,
  management: Server,
) {
  return {
    publicUrl,
    listening: addressOf(server),
    management: addressOf(management),
    env,
    issuer: provider.issuer,
    sessions: redis === undefined ? 'memory' : 'redis',
    routes: routes.length,
  }
}

function addressOf(server: Server): string {
  const address = server.address()
  return address === null || typeof address === 'string' ? 'none' : `${address.address}:${address.port}`
}

/** Stops accepting, lets running requests finish within `timeout` seconds, then closes everything and exits. */
function createStop(gateway: Gateway, timeout: number) {
  let stopping = false
  return async function stop(why: string, exitCode: number): Promise<void> {
    if (stopping) return
    stopping = true
    const { server, managementServer, log } = gateway
    log.info('stopping: running requests may finish', { signal: why, timeout })
    gateway.beginStopping()
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    // A connection that is kept open after its last answer would otherwise be waited for.
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS)
    const late = new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), timeout * 1000).unref())
    if ((await Promise.race([closed, late])) === 'late') {
      log.warn('some requests did not finish in time and were cut off')
      server.closeAllConnections()
    }
    clearInterval(sweep)
    managementServer.close()
    managementServer.closeAllConnections()
    await gateway.release()
    log.info('stopped')
    process.exit(exitCode)
  }
}
