import { Counter, Gauge, type Registry } from 'prom-client'

export interface TlsMetrics {
  /** @param time milliseconds since 1970 */
  certificateExpires(certificate: string, time: number): void
  certificateReloaded(certificate: string, outcome: 'ok' | 'refused'): void
  handshakeFailed(why: string): void
}

/** What is told of certificates: `gateway` is the own port's, `upstream:<route>` the client certificate towards an upstream. */
export function createTlsMetrics(registers: Registry[]): TlsMetrics {
  const expiry = new Gauge({
    name: 'cloakroom_certificate_expiry_timestamp_seconds',
    help: 'When a certificate in use ends, in seconds since 1970: `gateway` is that of the own port, `upstream:<route>` a client certificate',
    labelNames: ['certificate'],
    registers,
  })
  const reloads = new Counter({
    name: 'cloakroom_certificate_reloads_total',
    help: 'Changed certificate files: in use now, or refused while the former ones stay in use',
    labelNames: ['certificate', 'outcome'],
    registers,
  })
  const failed = new Counter({
    name: 'cloakroom_tls_handshakes_failed_total',
    help: 'TLS handshakes on the own port that failed: scanners, plain HTTP, clients that do not trust the certificate',
    labelNames: ['why'],
    registers,
  })
  return {
    certificateExpires: (certificate, time) => expiry.set({ certificate }, time / 1000),
    certificateReloaded: (certificate, outcome) => reloads.inc({ certificate, outcome }),
    handshakeFailed: (why) => failed.inc({ why }),
  }
}
