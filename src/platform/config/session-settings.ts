import { z } from 'zod'
import { commaList, seconds, setting } from './setting.ts'

const group = 'Sessions'

export const sessionSettings = {
  SESSION_SECRET_KEY: setting(commaList(), {
    group,
    secret: true,
    example: '',
    doc: 'Keys (comma list) that sign the session cookie: the first signs, all verify, so a new one is put in front. In `dev` a random one is made at each start.',
  }),
  SESSION_ENCRYPTION_KEYS: setting(
    commaList().refine(
      (keys) => keys.every((key) => /^[A-Za-z0-9+/]{43}=$/.test(key)),
      'each key must be 32 bytes in base64; make one with: openssl rand -base64 32',
    ),
    {
      group,
      secret: true,
      example: '',
      doc: 'Keys (comma list of 32 bytes in base64) that seal sessions and tokens in Redis: the first seals, all open. In `dev` a random one is made at each start.',
    },
  ),
  SESSION_IDLE_TIMEOUT: setting(seconds(1800, { min: 1 }), {
    group,
    doc: 'Seconds without a request after which a session ends.',
  }),
  SESSION_ABSOLUTE_TIMEOUT: setting(seconds(28_800, { min: 1 }), {
    group,
    doc: 'Seconds after login at which a session ends in any case.',
  }),
  SESSION_COOKIE_SAMESITE: setting(z.enum(['strict', 'lax'], 'must be strict or lax').default('strict'), {
    group,
    doc: '`lax` for those who need the cookie on links from other sites; `/callback` then answers 303.',
  }),
}
