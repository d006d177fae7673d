import type { RealmSettings } from './realm-settings.ts'

type Profile = { attributes?: { name?: string }[]; unmanagedAttributePolicy?: string }

/** The realm's user profile, as far as the realm file says. */
export function profileOf(settings: RealmSettings): Profile {
  const components: Record<string, unknown> = settings.components ?? {}
  const list = components['org.keycloak.userprofile.UserProfileProvider']
  const [component] = Array.isArray(list) ? list : []
  const text: unknown = component?.config?.['kc.user.profile.config']?.[0]
  return typeof text === 'string' ? JSON.parse(text) : {}
}

/**
 * The attributes a person may have. As in Keycloak, what the realm's user profile does not name is dropped without a
 * word, unless its `unmanagedAttributePolicy` lets everything in.
 */
export function allowedAttributes(settings: RealmSettings, attributes: Record<string, unknown> | undefined) {
  const profile = profileOf(settings)
  const known = new Set((profile.attributes ?? []).map((one) => one.name))
  const takesAll = ['ENABLED', 'ADMIN_EDIT'].includes(profile.unmanagedAttributePolicy ?? '')
  const kept = Object.entries(attributes ?? {}).filter(([name]) => takesAll || known.has(name))
  return Object.fromEntries(kept.map(([name, value]) => [name, [value].flat().map(String)]))
}
