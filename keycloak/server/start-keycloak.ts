import { join, resolve } from 'node:path'
import { awaitReadiness } from './await-readiness.ts'
import { checkJava } from './check-java.ts'
import { checkPort } from './check-port.ts'
import { cacheFolder, provideDistribution } from './distribution.ts'
import { prepareServerHome } from './server-home.ts'
import { launchServer, type ServerProcess } from './server-process.ts'
import { type Log, withProgress } from './with-progress.ts'

/** How to start a server. Both ports are opened on the loopback interface only. */
export type KeycloakOptions = {
  port: number
  managementPort: number
  /** Kept when the server stops: the next start in the same folder finds realms, users and sessions again. */
  dataDir: string
  /** The address the server is known by, and so the beginning of every issuer; `http://127.0.0.1:<port>` by default. */
  url?: string
  /** `keycloak.log` in the data folder by default; a new start is appended. */
  logFile?: string
  cacheDir?: string
  /** The first start in a data folder creates this administrator (`admin` / `admin`); later starts do not change it. */
  adminUser?: string
  adminPassword?: string
  /** Milliseconds to wait until the server is ready; two minutes by default. */
  startTimeout?: number
  /** Takes the progress lines. */
  log?: Log
}

/** A server that is ready to work. */
export type RunningKeycloak = ServerProcess & {
  url: string
  managementUrl: string
  adminUser: string
  adminPassword: string
  logFile: string
}

/**
 * Starts Keycloak and waits until it is ready; the very first start also fetches, unpacks and builds it.
 *
 * @throws Error when a tool is missing, a port is taken, or the server ends or is not ready in time.
 */
export async function startKeycloak(options: KeycloakOptions): Promise<RunningKeycloak> {
  const { port, managementPort, log = () => undefined, startTimeout = 120_000 } = options
  const { adminUser = 'admin', adminPassword = 'admin', cacheDir = cacheFolder(process.env) } = options
  const { url = `http://127.0.0.1:${port}` } = options
  const dataDir = resolve(options.dataDir)
  const logFile = resolve(options.logFile ?? join(dataDir, 'keycloak.log'))
  const managementUrl = `http://127.0.0.1:${managementPort}`
  await checkJava(process.env)
  await checkPort(port, '--port')
  await checkPort(managementPort, '--management-port')
  const distribution = await provideDistribution({ cacheDir, log })
  await prepareServerHome({ dataDir, distribution })
  const server = await launchServer({
    program: join(distribution, 'bin', 'kc.sh'),
    args: [`-Dkc.home.dir=${dataDir}`, ...startArguments({ port, managementPort, url })],
    env: {
      ...environment(process.env),
      KC_BOOTSTRAP_ADMIN_USERNAME: adminUser,
      KC_BOOTSTRAP_ADMIN_PASSWORD: adminPassword,
    },
    logFile,
  })
  try {
    const { exited } = server
    const wait = () => awaitReadiness({ managementUrl, exited, logFile, timeout: startTimeout })
    await withProgress(log, `Starting Keycloak on ${url}`, wait)
  } catch (error) {
    await server.kill()
    throw error
  }
  return { ...server, url, managementUrl, adminUser, adminPassword, logFile }
}

function startArguments({
  port,
  managementPort,
  url,
}: {
  port: number
  managementPort: number
  url: string
}): string[] {
  return [
    'start',
    '--optimized',
    '--cache=local',
    '--http-enabled=true',
    '--http-host=127.0.0.1',
    `--http-port=${port}`,
    `--http-management-port=${managementPort}`,
    `--hostname=${url}`,
    '--log-level=INFO,io.smallrye.health:ERROR',
  ]
}

/** The caller's environment without `KC_*`, which may be meant for quite another server. */
function environment(env: NodeJS.ProcessEnv): Record<string, string | undefined> {
  const kept = Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('KC_')))
  return {
    JAVA_OPTS_KC_HEAP: '-Xms64m -Xmx512m',
    ...kept,
    // The second compiler does not pay off in a server that lives for minutes: without it a start takes 6 s, not 8 s.
    JAVA_OPTS_APPEND: `${env.JAVA_OPTS_APPEND ?? ''} -XX:TieredStopAtLevel=1`.trim(),
  }
}
