import { z } from 'zod'
import { setting } from './setting.ts'

const group = 'Rate limits'

/** Requests per window, or undefined where a limit is off. */
export interface RateLimit {
  limit: number
  /** Seconds. */
  window: number
}

/** `count/seconds`, or `off`. */
export const rateLimit = (fallback: string) =>
  z
    .string()
    .regex(/^(off|[1-9]\d{0,8}\/[1-9]\d{0,5})$/, 'must be count/seconds such as 600/60, or off')
    .default(fallback)
    .transform((text): RateLimit | undefined => {
      if (text === 'off') return undefined
      const [limit = 0, window = 0] = text.split('/').map(Number)
      return { limit, window }
    })

export const rateLimitSettings = {
  RATE_LIMIT_DEFAULT: setting(rateLimit('6000/60'), {
    group,
    doc: 'Every request, per identity, or per address where none is known. With Redis all instances count together; this limit and those of routes may be exceeded by 1 % for each instance, because far from the limit nobody waits for Redis. While Redis is away each instance counts alone, for every limit: nobody is refused for that, and no limit is off.',
  }),
  RATE_LIMIT_LOGIN: setting(rateLimit('120/60'), {
    group,
    doc: '`/login` and `/callback`, per address; exact over all instances.',
  }),
  RATE_LIMIT_MAILS: setting(rateLimit('5/3600'), {
    group,
    doc: 'Mails that somebody who is not signed in asks for (registration, verification, forgotten password), per e-mail address, whether or not there is such an account; exact over all instances.',
  }),
  RATE_LIMIT_BACKCHANNEL: setting(rateLimit('600/60'), {
    group,
    doc: '`/backchannel-logout`, per address; exact over all instances.',
  }),
  RATE_LIMIT_MANAGEMENT: setting(rateLimit('600/60'), {
    group,
    doc: 'The management API, per identity; with Redis all instances count together, from 100 on exceeded by 1 % for each instance at most.',
  }),
  RATE_LIMIT_AUTH_FAILURES: setting(rateLimit('120/60'), {
    group,
    doc: 'Refused credentials, per address; exact over all instances, but each learns by one more try that the door is closed.',
  }),
}
