import { type Browser, chromium } from 'playwright-core'
import { findChromium, findKeycloak } from '../../support/parts.ts'
import { type ProviderServer, startRealKeycloak, startStandIn } from './provider-server.ts'
import { createRealmsAhead, type RealmsAhead } from './realms-ahead.ts'

const servers = new Map<string, Promise<ProviderServer>>()
const realms = new WeakMap<ProviderServer, RealmsAhead>()
let browser: Promise<Browser> | undefined

/** One provider of each kind and one Chromium for all journeys; realms and browser contexts keep journeys apart. */
export function sharedProvider(name: ProviderServer['name']): Promise<ProviderServer> {
  const running = servers.get(name) ?? (name === 'keycloak' ? startRealKeycloak() : startStandIn())
  servers.set(name, running)
  return running
}

/** Where the journeys on this provider get their realms. */
export function sharedRealms(provider: ProviderServer): RealmsAhead {
  const known = realms.get(provider) ?? createRealmsAhead(provider)
  realms.set(provider, known)
  return known
}

export function sharedBrowser(): Promise<Browser> {
  const executablePath = findChromium(process.env)
  if (executablePath === undefined) throw new Error('Chromium is missing')
  browser ??= chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
  return browser
}

/** Why journeys on this provider cannot run here, or undefined. CI=true never comes here without all parts. */
export function missingFor(name: ProviderServer['name']): string | undefined {
  if (findChromium(process.env) === undefined) return 'Chromium is missing'
  return name === 'keycloak' && findKeycloak(process.env) === undefined ? 'Keycloak is missing' : undefined
}

export async function closeShared(): Promise<void> {
  await (await browser)?.close()
  for (const server of servers.values()) await (await server).close()
}
