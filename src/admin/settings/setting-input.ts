import { z } from 'zod'
import { CHANGEABLE, changeableSettings } from '../../platform/config/changeable-settings.ts'
import { RESOURCE_VERSION } from '../../platform/keycloak/people/resource-version.ts'

const { LOG_LEVEL, JWKS_CACHE_TTL, USER_INFO_CACHE_TTL, GROUP_CACHE_TTL, ROLE_CACHE_TTL } = changeableSettings

/** What the endpoints for settings read; all of it strict. */
export const settingInput = {
  change: z.strictObject({
    settings: z
      .strictObject(
        {
          LOG_LEVEL: LOG_LEVEL.nullable().optional(),
          JWKS_CACHE_TTL: JWKS_CACHE_TTL.nullable().optional(),
          USER_INFO_CACHE_TTL: USER_INFO_CACHE_TTL.nullable().optional(),
          GROUP_CACHE_TTL: GROUP_CACHE_TTL.nullable().optional(),
          ROLE_CACHE_TTL: ROLE_CACHE_TTL.nullable().optional(),
        },
        'must be an object of settings',
      )
      .refine((settings) => Object.keys(settings).length > 0, 'must name something to change')
      .meta({ description: 'Null stands for the configured value.' }),
    version: z.string('must be a text').regex(RESOURCE_VERSION, 'is not the version of the settings').optional(),
  }),
  one: z.strictObject({
    name: z.enum(CHANGEABLE, `must be a setting that can be changed while running: ${CHANGEABLE.join(', ')}`),
  }),
  nothing: z.strictObject({}),
}
