import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { stringify } from 'yaml'
import { createGateway, type Gateway } from '../../src/gateway.ts'
import type { Clock } from '../../src/platform/clock.ts'
import { loadConfig } from '../../src/platform/config/load-config.ts'
import { observeAnswers } from './api-contract/observe-answers.ts'
import { freePort } from './free-port.ts'

export interface GatewayUnderTest {
  /** `http://localhost:<port>`: the gateway's site; providers in tests are on 127.0.0.1, which is another site. */
  readonly url: string
  readonly port: number
  readonly managementUrl: string
  readonly gateway: Gateway
  /** Everything it logged, one object a line. */
  logged(): Record<string, unknown>[]
  logText(): string
  stop(): Promise<void>
}

export interface GatewayOptions {
  /** Environment variables on top of the defaults below. */
  env?: Record<string, string>
  /** The `routes:` of its routes file. */
  routes?: object[]
  clock?: Clock
  /** What further files say that settings name, by path. */
  files?: Record<string, string>
  /** Milliseconds between two looks at certificates. */
  certificatesEveryMs?: number
  countersMs?: () => number
}

const DEFAULTS = {
  ENV: 'dev',
  HOST: '127.0.0.1',
  KEYCLOAK_SERVER_URL: 'http://127.0.0.1:9',
  KEYCLOAK_REALM: 'demo',
  KEYCLOAK_CLIENT_ID: 'cloakroom',
  KEYCLOAK_CLIENT_SECRET: 'the-client-secret-of-the-tests',
  JWT_AUDIENCE: 'orders-api',
  LOG_LEVEL: 'debug',
}

/** A whole gateway in this process, listening on a free port. */
export async function startGateway(options: GatewayOptions = {}): Promise<GatewayUnderTest> {
  const { env = {}, routes = [], clock, files = {}, certificatesEveryMs, countersMs } = options
  const port = env.PORT === undefined ? await freePort() : Number(env.PORT)
  const config = loadConfig({ ...DEFAULTS, GATEWAY_CONFIG: 'gateway.yaml', PORT: String(port), ...env }, (path) => {
    if (path === 'gateway.yaml') return stringify({ routes })
    if (files[path] !== undefined) return files[path]
    if (path.startsWith(tmpdir())) return readFileSync(path, 'utf8')
    throw new Error(`a test must not read ${path}`)
  })
  let text = ''
  const gateway = await createGateway(config, {
    writeLog: (lines) => {
      text += lines
    },
    ...(clock === undefined ? {} : { clock }),
    ...(certificatesEveryMs === undefined ? {} : { certificatesEveryMs }),
    ...(countersMs === undefined ? {} : { countersMs }),
  })
  observeAnswers(gateway.server, config.server.managementPrefix)
  gateway.server.listen(port, '127.0.0.1')
  gateway.managementServer.listen(0, '127.0.0.1')
  await Promise.all([once(gateway.server, 'listening'), once(gateway.managementServer, 'listening')])
  const { port: managementPort } = gateway.managementServer.address() as AddressInfo
  return {
    url: `${config.server.tls === undefined ? 'http' : 'https'}://localhost:${port}`,
    port,
    managementUrl: `http://127.0.0.1:${managementPort}`,
    gateway,
    logText: () => text,
    logged: () =>
      text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    async stop() {
      gateway.beginStopping()
      const closed = once(gateway.server, 'close')
      gateway.server.close()
      gateway.server.closeAllConnections()
      gateway.managementServer.close()
      gateway.managementServer.closeAllConnections()
      await closed
      await gateway.release()
    },
  }
}
