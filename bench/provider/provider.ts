import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAuthorize } from './authorize.ts'
import { createTokenEndpoint } from './token-endpoint.ts'
import { type BenchClient, createTokens, type Tokens } from './tokens.ts'

export interface BenchProvider {
  /** What Keycloak's base address would be. */
  readonly serverUrl: string
  readonly realm: string
  readonly issuer: string
  readonly client: BenchClient
  serviceToken: Tokens['serviceToken']
  stop(): Promise<void>
}

const REALM = 'bench'

/**
 * The smallest honest OpenID provider: discovery, keys, code flow with PKCE, refresh, on Keycloak's paths. Whoever comes
 * to its login page is signed in at once, each as another person: nobody is there to type a password.
 */
export async function startProvider(client: BenchClient): Promise<BenchProvider> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const serverUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const issuer = `${serverUrl}/realms/${REALM}`
  const tokens = await createTokens(issuer, client)
  const { authorize, redeem } = createAuthorize(issuer, client)
  const token = createTokenEndpoint(client, tokens, redeem)
  const documents: Record<string, object> = {
    '/.well-known/openid-configuration': discoveryDocument(issuer),
    '/protocol/openid-connect/certs': { keys: [tokens.publicKey] },
  }

  server.on('request', async (req, res) => {
    const url = new URL(req.url ?? '/', serverUrl)
    const path = url.pathname.replace(`/realms/${REALM}`, '')
    const document = documents[path]
    if (document !== undefined) res.setHeader('Content-Type', 'application/json').end(JSON.stringify(document))
    else if (path === '/protocol/openid-connect/auth') authorize(url, res)
    else if (path === '/protocol/openid-connect/token') await token(req, res)
    else res.writeHead(404).end()
  })

  return {
    serverUrl,
    realm: REALM,
    issuer,
    client,
    serviceToken: tokens.serviceToken,
    async stop() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

function discoveryDocument(issuer: string) {
  const at = (path: string) => `${issuer}/protocol/openid-connect/${path}`
  return {
    issuer,
    authorization_endpoint: at('auth'),
    token_endpoint: at('token'),
    jwks_uri: at('certs'),
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['client_secret_basic'],
    authorization_response_iss_parameter_supported: true,
  }
}
