import { GatewayError } from '../platform/errors/gateway-error.ts'

const EXEMPT = new Set(['/health', '/ready', '/backchannel-logout'])

/** Only the public host and the allowed ones are served (RFC 9110 section 7.4); others get 421. */
export function createHostCheck(publicUrl: string, allowedHosts: readonly string[]) {
  const { host, protocol } = new URL(publicUrl)
  const defaultPort = protocol === 'https:' ? ':443' : ':80'
  const served = new Set<string>()
  for (const name of [host, ...allowedHosts]) {
    const lower = name.toLowerCase()
    served.add(lower)
    if (lower.endsWith(defaultPort)) served.add(lower.slice(0, -defaultPort.length))
    else if (!/:\d+$/.test(lower)) served.add(lower + defaultPort)
  }
  return function checkHost(header: string | undefined, path: string): void {
    if (header !== undefined && (served.has(header) || served.has(header.toLowerCase()))) return
    if (EXEMPT.has(path)) return
    throw new GatewayError('MISDIRECTED_REQUEST')
  }
}
