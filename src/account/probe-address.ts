/**
 * An address that nobody has, for Keycloak to judge instead of one that is taken: of the same domain, and with every sign
 * that may be forbidden in addresses or in user names (an apostrophe, letters beyond ASCII). Else whatever Keycloak refuses
 * would tell which addresses have an account.
 * @param name of letters and digits that make it unique
 */
export function probeAddress(name: string, email: string): string {
  const at = email.lastIndexOf('@')
  const signs = new Set(email.slice(0, at).replace(/[a-z0-9.]/g, ''))
  return `${name}${[...signs].join('')}${email.slice(at)}`
}
