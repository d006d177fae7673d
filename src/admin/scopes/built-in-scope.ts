/** What Keycloak and OpenID Connect give a meaning to, `openid` included, which is no client scope at all. */
const BUILT_IN: readonly string[] = [
  'acr',
  'address',
  'authncontextclassref',
  'basic',
  'email',
  'microprofile-jwt',
  'offline_access',
  'openid',
  'organization',
  'phone',
  'profile',
  'role_list',
  'roles',
  'saml_organization',
  'service_account',
  'web-origins',
]
/** Keycloak reads what follows as the name of an organization. */
const OF_ORGANIZATION = 'organization:'

/** Whether a name is the identity provider's; in whatever case, so that none looks like another. */
export function isBuiltInScope(name: string): boolean {
  const lower = name.toLowerCase()
  return BUILT_IN.includes(lower) || lower.startsWith(OF_ORGANIZATION)
}
