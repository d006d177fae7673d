import { readTlsMaterial } from '../tls/tls-material.ts'
import type { ConfigProblem } from './config-error.ts'
import type { RouteConfig } from './routes-schema.ts'
import type { Settings } from './settings.ts'

type Read = (path: string) => string

/** What is wrong with the certificates and keys of the own port. @param now milliseconds since 1970 */
export function checkOwnTls(s: Settings, read: Read, now: number): ConfigProblem[] {
  const { TLS_CERT_FILE: cert, TLS_KEY_FILE: key } = s
  if (cert === undefined && key === undefined) return []
  const names = { ca: 'TLS_CERT_FILE', cert: 'TLS_CERT_FILE', key: 'TLS_KEY_FILE' } as const
  const problems = readTlsMaterial({ cert, key }, read, now).problems.map(({ file, what }) => ({
    where: names[file],
    what,
  }))
  if (cert === undefined || key === undefined)
    problems.push({
      where: cert === undefined ? 'TLS_CERT_FILE' : 'TLS_KEY_FILE',
      what: 'is missing; TLS_CERT_FILE and TLS_KEY_FILE go together. Set both or neither.',
    })
  if (s.PUBLIC_URL?.startsWith('http:') === true)
    problems.push({
      where: 'TLS_CERT_FILE',
      what: 'makes the port speak TLS, but PUBLIC_URL begins with http://. Write https:// in PUBLIC_URL.',
    })
  return problems
}

/** The same for the routes, each with its place in the routes file. */
export function checkRouteTls(
  routes: readonly RouteConfig[],
  fileName: string,
  read: Read,
  now: number,
): ConfigProblem[] {
  return routes.flatMap((route, index) => {
    const where = `${fileName} routes[${index}] (${route.id})`
    return [...clashes(route, where), ...filesOf(route, where, read, now)]
  })
}

function clashes({ tls, http2, upstream }: RouteConfig, where: string): ConfigProblem[] {
  const problems: ConfigProblem[] = []
  const plain = upstream.startsWith('http:')
  if (plain && tls !== undefined)
    problems.push({
      where: `${where}.tls`,
      what: 'is set, but the upstream is plain http. Write https:// in upstream, or remove tls.',
    })
  if (plain && http2)
    problems.push({
      where: `${where}.http2`,
      what: 'is true, but the upstream is plain http, where HTTP/2 is not agreed on. Write https:// in upstream, or remove http2.',
    })
  if ((tls?.cert === undefined) !== (tls?.key === undefined))
    problems.push({
      where: `${where}.tls`,
      what: 'has only one of cert and key, which go together. Set both or neither.',
    })
  return problems
}

function filesOf({ tls }: RouteConfig, where: string, read: Read, now: number): ConfigProblem[] {
  if (tls === undefined) return []
  return readTlsMaterial(tls, read, now).problems.map(({ file, what }) => ({ where: `${where}.tls.${file}`, what }))
}

/** Node's own switch would turn verification off everywhere at once: towards Keycloak, too. */
export function checkVerification(env: NodeJS.ProcessEnv, isProd: boolean): ConfigProblem[] {
  if (!isProd || env.NODE_TLS_REJECT_UNAUTHORIZED !== '0') return []
  return [
    {
      where: 'NODE_TLS_REJECT_UNAUTHORIZED',
      what: 'is 0, which turns the verification of certificates off; ENV=prod refuses that. Remove it, and name a private authority with NODE_EXTRA_CA_CERTS or tls.ca.',
    },
  ]
}
