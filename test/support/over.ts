import { createAuthority } from './certificates.ts'
import { type RawClient, rawClient } from './raw-client.ts'
import { temporaryFiles } from './temporary-files.ts'

/** What raw bytes travel over on their way to the gateway. */
export interface Over {
  /** Settings of the gateway for it. */
  readonly env: Record<string, string>
  client(port: number): RawClient
  remove(): void
}

export const overTcp = (): Over => ({ env: {}, client: (port) => rawClient(port), remove: () => undefined })

/** The gateway's own port behind TLS, where everything has to be as it is without. */
export function overTls(): Over {
  const authority = createAuthority()
  const files = temporaryFiles()
  const { cert, key } = authority.issue()
  return {
    env: { TLS_CERT_FILE: files.write('tls.crt', cert), TLS_KEY_FILE: files.write('tls.key', key) },
    client: (port) => rawClient(port, undefined, { ca: authority.cert }),
    remove: files.remove,
  }
}
