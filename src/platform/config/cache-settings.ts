import { seconds, setting, wholeNumber } from './setting.ts'

const group = 'Caches'
const entries = (fallback: number) => wholeNumber(fallback, 1, 1_000_000, 'entries')

export const cacheSettings = {
  JWKS_CACHE_TTL: setting(seconds(600), {
    group,
    doc: "Seconds the provider's signing keys are kept; 0 turns a cache off.",
  }),
  JWKS_CACHE_MAXSIZE: setting(entries(2), { group, doc: 'Key sets kept.' }),
  JWKS_MAX_STALE: setting(seconds(3600), {
    group,
    doc: 'Seconds the last good key set stays in use, after its time is over, while the provider fails.',
  }),
  ADMIN_TOKEN_CACHE_TTL: setting(seconds(300), {
    group,
    doc: "Seconds an admin token is kept, at most 0.8 of the token's own life.",
  }),
  ADMIN_TOKEN_CACHE_MAXSIZE: setting(entries(1), { group, doc: 'Admin tokens kept.' }),
  USER_INFO_CACHE_TTL: setting(seconds(300), {
    group,
    doc: 'Seconds a user read through the admin API is kept; 0 also means that nothing can be shown while Keycloak is away.',
  }),
  USER_INFO_CACHE_MAXSIZE: setting(entries(100), { group, doc: 'Users kept.' }),
  GROUP_CACHE_TTL: setting(seconds(600), { group, doc: 'Seconds groups and group memberships are kept.' }),
  GROUP_CACHE_MAXSIZE: setting(entries(50), { group, doc: 'Group answers kept.' }),
  ROLE_CACHE_TTL: setting(seconds(300), {
    group,
    doc: 'Seconds the roles of a user are kept for showing them; decisions always ask Keycloak.',
  }),
  ROLE_CACHE_MAXSIZE: setting(entries(100), { group, doc: 'Users whose roles are kept.' }),
  INTROSPECTION_CACHE_TTL: setting(seconds(0, { max: 30 }), {
    group,
    doc: 'Seconds a client is told of a token what it was told before; 0: Keycloak is asked each time. Whatever ends or changes by way of the gateway counts at once all the same; what is done at Keycloak itself, after these seconds.',
  }),
  INTROSPECTION_CACHE_MAXSIZE: setting(entries(1_000), { group, doc: 'Answers about tokens that are kept.' }),
  IDENTITY_CACHE_TTL: setting(seconds(5, { max: 60 }), {
    group,
    doc: 'Seconds the hot path trusts what it read of a session; a logout reaches every instance at once all the same.',
  }),
  IDENTITY_CACHE_MAXSIZE: setting(entries(10_000), { group, doc: 'Sessions the hot path remembers.' }),
  VERIFIED_TOKENS_CACHE_MAXSIZE: setting(entries(10_000), {
    group,
    doc: 'Verified bearer tokens that are remembered, by hash.',
  }),
}
