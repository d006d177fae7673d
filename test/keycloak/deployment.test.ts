import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { parse } from 'yaml'
import { demoRoutes } from '../../keycloak/demo/write-routes.ts'
import { readRealm } from '../../keycloak/realm-file.ts'
import { KEYCLOAK_VERSION } from '../../keycloak/server/distribution.ts'
import { loadConfig } from '../../src/platform/config/load-config.ts'

type Service = {
  image?: string
  build?: { target: string }
  environment?: Record<string, string>
  volumes?: string[]
  configs?: { source: string; target: string }[]
  ports?: string[]
  depends_on?: Record<string, { condition: string }>
  healthcheck?: { test: string[] }
}

type Compose = {
  services: Record<string, Service>
  configs: Record<string, { content: string }>
  volumes: Record<string, null>
}

const composeText = readFileSync('docker-compose.yml', 'utf8')
const compose: Compose = parse(composeText)
const dockerfile = readFileSync('Dockerfile', 'utf8')
const routes = compose.configs.routes?.content ?? ''
const { gateway = {}, keycloak = {}, orders = {} } = compose.services

/** `${NAME:-default}` as docker compose fills it in. */
function substituted(
  environment: Record<string, string> = {},
  env: Record<string, string> = {},
): Record<string, string> {
  const fill = (text: string) => text.replace(/\$\{(\w+):-([^}]*)\}/g, (_, name, fallback) => env[name] || fallback)
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, fill(value)]))
}

describe('docker-compose.yml', () => {
  it('gives the gateway a configuration it starts with', () => {
    const config = loadConfig(substituted(gateway.environment), () => routes)
    expect(config.provider.issuer).to.equal('http://localhost:8080/realms/demo')
    expect(config.routes.map(({ id }) => id)).to.eql(['orders', 'whoami', 'events', 'page'])
  })

  it('has the routes of the demo', () => {
    expect(parse(routes)).to.eql(parse(demoRoutes('http://orders:9001')))
    expect(gateway.configs?.[0]?.target).to.equal(gateway.environment?.GATEWAY_CONFIG)
    expect(orders.environment?.PORT).to.equal('9001')
  })

  it('imports a realm that fits the gateway, with the demo secrets and with own ones', () => {
    for (const env of [{}, { KEYCLOAK_CLIENT_SECRET: 'mine', KEYCLOAK_ADMIN_CLIENT_SECRET: 'mine too' }]) {
      const settings = substituted(gateway.environment, env)
      const folder = keycloak.volumes?.[0]?.split(':')[0] ?? ''
      const file = join(folder, `${settings.KEYCLOAK_REALM}-realm.json`)
      const realm = readRealm(readFileSync(file, 'utf8'), substituted(keycloak.environment, env), file)
      const secretOf = (id?: string) => realm.clients?.find(({ clientId }) => clientId === id)?.secret
      const client = realm.clients?.find(({ clientId }) => clientId === settings.KEYCLOAK_CLIENT_ID)
      expect(client?.secret).to.equal(settings.KEYCLOAK_CLIENT_SECRET)
      expect(secretOf(settings.KEYCLOAK_ADMIN_CLIENT_ID)).to.equal(settings.KEYCLOAK_ADMIN_CLIENT_SECRET)
      expect(client?.redirectUris).to.eql([`${settings.PUBLIC_URL}/callback`])
      expect(client?.attributes?.['backchannel.logout.url']).to.equal('http://gateway:3000/backchannel-logout')
    }
  })

  it('sets only variables the realm file asks for, and all of them', () => {
    const asked = readFileSync('keycloak/realms/demo-realm.json', 'utf8').matchAll(/\$\{([A-Z][A-Z_]+)/g)
    const given = Object.keys(keycloak.environment ?? {}).filter((name) => !name.startsWith('KC_'))
    expect(given).to.have.members([...new Set([...asked].map(([, name]) => name ?? ''))])
  })

  it('knows Keycloak by one public address, and runs the version the project is tested with', () => {
    expect(keycloak.environment?.KC_HOSTNAME).to.equal(gateway.environment?.KEYCLOAK_SERVER_URL)
    expect(keycloak.image).to.equal(`quay.io/keycloak/keycloak:${KEYCLOAK_VERSION}`)
  })

  it('publishes ports on this machine only, and waits for services that can tell when they are ready', () => {
    const ports = Object.values(compose.services).flatMap((service) => service.ports ?? [])
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).to.eql([])
    for (const [name, { condition }] of Object.entries(gateway.depends_on ?? {})) {
      expect(condition).to.equal('service_healthy')
      expect(compose.services[name]?.healthcheck, name).to.be.an('object')
    }
  })

  it('names only folders, stages and volumes that exist', () => {
    for (const { volumes = [], build } of Object.values(compose.services)) {
      for (const source of volumes.map((volume) => volume.split(':')[0] ?? '')) {
        expect(source.startsWith('.') ? existsSync(source) : source in compose.volumes, source).to.equal(true)
      }
      if (build !== undefined) expect(dockerfile).to.contain(`AS ${build.target}\n`)
    }
  })
})

describe('The Dockerfile', () => {
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources = '']) =>
    sources.split(' '),
  )

  it('copies only what is there and what .dockerignore lets through', () => {
    const let_through = readFileSync('.dockerignore', 'utf8').matchAll(/^!(.+)$/gm)
    const allowed = [...let_through].map(([, path]) => path)
    for (const source of copied) {
      expect(existsSync(source), source).to.equal(true)
      expect(allowed, source).to.include(source)
    }
  })

  it('runs files that the build makes or the repository has', () => {
    expect(existsSync('src/main.ts')).to.equal(true)
    expect(dockerfile).to.contain('CMD ["node", "dist/main.js"]')
    const { compilerOptions } = JSON.parse(readFileSync('tsconfig.build.json', 'utf8'))
    expect(compilerOptions).to.include({ rootDir: 'src', outDir: 'dist' })
    const [, demo = ''] = /CMD \["node", "(keycloak[^"]+)"\]/.exec(dockerfile) ?? []
    expect(existsSync(demo), demo).to.equal(true)
  })

  it('runs nothing as root and takes no development packages along', () => {
    const stages = dockerfile.split(/^FROM /m).slice(1)
    const final = stages.filter((stage) => stage.includes('\nCMD ['))
    expect(final.length).to.equal(2)
    for (const stage of final) {
      expect(stage).to.contain('\nUSER node\n')
      expect(stage).to.contain('COPY --from=packages /app/node_modules')
    }
    expect(stages.find((stage) => stage.includes('AS packages'))).to.contain('npm ci --omit=dev')
    expect(final.at(-1)).to.contain('AS gateway').and.to.contain('HEALTHCHECK')
  })
})
