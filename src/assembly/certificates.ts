import { type CertificateKeeper, createCertificateKeeper } from '../platform/tls/certificate-keeper.ts'
import type { Foundation } from './foundation.ts'

/** Renewed certificates are in use after two looks at most. */
const EVERY_MS = 5_000
const DAY_MS = 86_400_000
const SOON_DAYS = 14

/** Certificates and keys in files: read at start, replaced while the gateway runs, their end told to logs and metrics. */
export function assembleCertificates(
  { clock, log, metrics }: Pick<Foundation, 'clock' | 'log' | 'metrics'>,
  everyMs = EVERY_MS,
): CertificateKeeper {
  return createCertificateKeeper({
    now: () => clock.now(),
    everyMs,
    reports: {
      inUse(certificate, expiresAt, isNew) {
        if (isNew) {
          metrics.certificateReloaded(certificate, 'ok')
          log.info('certificates were replaced', { certificate, ...daysLeft(expiresAt, clock.now()) })
        }
        if (expiresAt === undefined) return
        metrics.certificateExpires(certificate, expiresAt)
        if (expiresAt - clock.now() < SOON_DAYS * DAY_MS)
          log.warn('a certificate ends soon; renew it', { certificate, ...daysLeft(expiresAt, clock.now()) })
      },
      refused(certificate, problems) {
        metrics.certificateReloaded(certificate, 'refused')
        const reason = problems.map(({ file, what }) => `${file} ${what}`).join(' ')
        log.error('changed certificates cannot be used; the former ones stay in use', { certificate, reason })
      },
    },
  })
}

function daysLeft(expiresAt: number | undefined, now: number): { daysLeft?: number } {
  return expiresAt === undefined ? {} : { daysLeft: Math.floor((expiresAt - now) / DAY_MS) }
}
