import { GatewayError } from '../../platform/errors/gateway-error.ts'
import { brokenRules } from '../../platform/keycloak/users/broken-rules.ts'
import type { UserRules } from '../../platform/keycloak/users/keycloak-users.ts'

/** Keycloak takes these from the attributes where they are not beside them, past what is looked at here. */
const MEMBERS: readonly string[] = ['username', 'email', 'firstName', 'lastName']

interface Written {
  username: string
  email?: string | null | undefined
  attributes?: Readonly<Record<string, unknown>> | undefined
  requiredActions?: readonly string[] | undefined
  password?: string | undefined
}

/**
 * Refuses what Keycloak would drop or turn down: it forgets unknown attributes and actions without a word, and of a
 * password's faults it names the first one only.
 * @throws GatewayError INVALID_REQUEST, PASSWORD_REFUSED
 */
export function refuseUnfit(
  rules: UserRules,
  { username, email, attributes, requiredActions, password }: Written,
): void {
  const allowed = rules.attributes
  const names = Object.keys(attributes ?? {})
  const members = names.filter((name) => MEMBERS.includes(name))
  const strangers = names.filter((name) => allowed !== null && !MEMBERS.includes(name) && !allowed.includes(name))
  const fields = [
    ...members.map((name) => ({
      field: `attributes.${name}`,
      problem: 'is a member of its own: send it beside attributes',
    })),
    ...strangers.map((name) => ({ field: `attributes.${name}`, problem: 'is not in the user profile of the realm' })),
    ...(requiredActions ?? []).flatMap((action, at) =>
      rules.requiredActions.includes(action)
        ? []
        : [{ field: `requiredActions.${at}`, problem: `must be one of ${rules.requiredActions.join(', ')}` }],
    ),
  ]
  if (fields.length > 0) throw new GatewayError('INVALID_REQUEST', { details: { fields } })
  if (password === undefined) return
  const broken = brokenRules(rules.passwordPolicy, password, { username, email: email ?? null })
  if (broken.length > 0) throw new GatewayError('PASSWORD_REFUSED', { details: { rules: broken } })
}
