import { z } from 'zod'
import { setting } from './setting.ts'

const group = 'TLS'

/** TLS on the own port of the gateway; that of upstreams is in the routes file. */
export const tlsSettings = {
  TLS_CERT_FILE: setting(z.string().min(1).optional(), {
    group,
    example: '/run/secrets/tls.crt',
    doc: 'PEM file with the certificate of the own port of the gateway and its chain. With it the port speaks TLS; without it plain HTTP, for a proxy in front that ends TLS. Read again when it changes.',
  }),
  TLS_KEY_FILE: setting(z.string().min(1).optional(), {
    group,
    example: '/run/secrets/tls.key',
    doc: 'PEM file with the private key that belongs to `TLS_CERT_FILE`, without a passphrase.',
  }),
  TLS_MIN_VERSION: setting(z.enum(['TLSv1.2', 'TLSv1.3'], 'must be TLSv1.2 or TLSv1.3').default('TLSv1.2'), {
    group,
    doc: 'Oldest version of TLS that the own port of the gateway speaks. Towards upstreams it is always `TLSv1.2`.',
  }),
}
