/**
 * The name of what a client was once given and renews: its part of a session at the provider. Undefined for tokens of no
 * session, such as those of client credentials.
 * @param claims of an access or a refresh token
 */
export function tokenGrant({ sid, azp, client_id }: Readonly<Record<string, unknown>>): string | undefined {
  const client = [client_id, azp].find((claim) => typeof claim === 'string' && claim !== '')
  return client !== undefined && typeof sid === 'string' && sid !== '' ? `grant\n${client}\n${sid}` : undefined
}
