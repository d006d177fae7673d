import { expect } from 'chai'
import {
  changedRepresentation,
  clientRepresentation,
  newClientRepresentation,
  toServiceClient,
} from '../../../../src/platform/keycloak/clients/client-representation.ts'

const MARK = { 'cloakroom.managed': 'true' }
const read = (changes: object) =>
  toServiceClient(clientRepresentation.parse({ id: 'id-1', clientId: 'svc-till', attributes: MARK, ...changes }))

describe('A service client as Keycloak writes it', () => {
  it('is not there without the mark', () => {
    for (const attributes of [undefined, {}, { 'cloakroom.managed': 'false' }, { managed: 'true' }])
      expect(read({ attributes })).to.equal(undefined)
  })

  it('never brings a secret along', () => {
    const attributes = {
      ...MARK,
      'client.secret.rotated': 'canary',
      'client.secret.rotated.expiration.time': '1795330964',
    }
    const client = read({ secret: 'canary', registrationAccessToken: 'canary', attributes })
    expect(JSON.stringify(client)).not.to.contain('canary')
    expect(client?.formerSecretUntil).to.equal(1_795_330_964_000)
  })

  it('is altered when it can do more than it was registered for', () => {
    expect(read({})?.altered).to.equal(false)
    for (const change of [
      { fullScopeAllowed: true },
      { standardFlowEnabled: true },
      { implicitFlowEnabled: true },
      { directAccessGrantsEnabled: true },
      { publicClient: true },
      { authorizationServicesEnabled: true },
      { protocolMappers: [{ protocolMapper: 'oidc-hardcoded-role-mapper' }] },
      { optionalClientScopes: ['anything'] },
    ])
      expect(read(change)?.altered, JSON.stringify(change)).to.equal(true)
  })

  it('is made with nothing but a service account, and disabled', () => {
    const texts = { clientId: 'svc-till', name: null, description: null, lifetimeSeconds: null }
    const made = newClientRepresentation({ ...texts, scopes: ['basic'], keys: undefined, pending: '1.x' })
    expect(read({ ...made, attributes: MARK })?.altered).to.equal(false)
    expect(made).to.include({
      enabled: false,
      publicClient: false,
      serviceAccountsEnabled: true,
      fullScopeAllowed: false,
    })
  })

  it('is changed by what is given alone', () => {
    expect(changedRepresentation({})).to.deep.equal({})
    expect(changedRepresentation({ enabled: true, pending: null })).to.deep.equal({
      enabled: true,
      attributes: { 'cloakroom.pending': '' },
    })
    expect(changedRepresentation({ name: null, lifetimeSeconds: null })).to.deep.equal({
      name: '',
      attributes: { 'access.token.lifespan': '' },
    })
  })
})
