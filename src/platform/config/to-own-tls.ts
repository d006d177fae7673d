import type { ServerConfig } from './config.ts'
import type { Settings } from './settings.ts'

/** How the own port speaks, and what it is called where nobody says. */
export function toOwnTls(s: Settings): Pick<ServerConfig, 'tls' | 'publicUrl'> {
  const { TLS_CERT_FILE: cert, TLS_KEY_FILE: key, TLS_MIN_VERSION: minVersion } = s
  const tls = cert === undefined || key === undefined ? undefined : { cert, key, minVersion }
  return { tls, publicUrl: s.PUBLIC_URL ?? `${tls === undefined ? 'http' : 'https'}://localhost:${s.PORT}` }
}
