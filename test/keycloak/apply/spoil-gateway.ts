import type KeycloakAdminClient from '@keycloak/keycloak-admin-client'

/** Does to the gateway's client what a hurried administrator might: another address and secret, scopes and mappers moved. */
export async function spoilGateway(admin: KeycloakAdminClient): Promise<void> {
  const [client = {}] = await admin.clients.find({ clientId: 'cloakroom' })
  const id = client.id ?? ''
  const scopes = await admin.clientScopes.find()
  const clientScopeId = scopes.find(({ name }) => name === 'orders.read')?.id ?? ''
  const redirectUris = ['http://elsewhere.example/callback']
  await admin.clients.update({ id }, { ...client, redirectUris, secret: 'somebody elses secret' })
  await admin.clients.delDefaultClientScope({ id, clientScopeId })
  await admin.clients.addOptionalClientScope({ id, clientScopeId })
  const mapperId = client.protocolMappers?.find(({ name }) => name === 'groups')?.id ?? ''
  await admin.clients.delProtocolMapper({ id, mapperId })
  const hardcoded = { name: 'mine', protocol: 'openid-connect', protocolMapper: 'oidc-hardcoded-claim-mapper' }
  await admin.clients.addProtocolMapper({ id }, { ...hardcoded, config: { 'claim.name': 'a', 'claim.value': 'b' } })
}
