import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { connectAdmin } from '../../../keycloak/apply/admin-connection.ts'

describe('Connecting to the admin API', () => {
  const servers: Server[] = []
  afterEach(() => {
    for (const server of servers.splice(0)) server.close().closeAllConnections()
  })

  async function serve(answer: RequestListener): Promise<string> {
    const server = createServer(answer)
    servers.push(server)
    await once(server.listen(0, '127.0.0.1'), 'listening')
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  const json = (status: number, body: object): RequestListener => {
    return (_req, res) => void res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }
  const admin = { username: 'root', password: 'hidden' }
  const refusal = async (url: string) => String(await connectAdmin({ url, admin }).catch((error: unknown) => error))

  it('asks for a token as an administrator, or as a client', async () => {
    const asked: string[] = []
    const url = await serve(async (req, res) => {
      asked.push(`${req.url}?${await new Response(req as unknown as ReadableStream).text()}`)
      json(200, { access_token: 'a.b.c', expires_in: 60 })(req, res)
    })
    const client = await connectAdmin({ url: `${url}/`, admin })
    expect(await client.getAccessToken()).to.equal('a.b.c')
    await connectAdmin({ url, admin: { clientId: 'deployer', clientSecret: 's' } })
    expect(asked).to.eql([
      '/realms/master/protocol/openid-connect/token?grant_type=password&client_id=admin-cli&username=root&password=hidden',
      '/realms/master/protocol/openid-connect/token?grant_type=client_credentials&client_id=deployer&client_secret=s',
    ])
  })

  it('renews the token before it is over', async () => {
    let tokens = 0
    const url = await serve((req, res) => json(200, { access_token: `token-${++tokens}`, expires_in: 0 })(req, res))
    const client = await connectAdmin({ url, admin })
    expect(await client.getAccessToken()).not.to.equal('token-1')
  })

  it('says when nothing answers', async () => {
    const url = await serve(() => undefined)
    for (const server of servers.splice(0)) server.close().closeAllConnections()
    expect(await refusal(url)).to.match(
      /cannot be reached at http:\/\/127.0.0.1:\d+ \(ECONNREFUSED\).*npm run keycloak/,
    )
  })

  const answers: [what: string, status: number, body: object, message: RegExp][] = [
    [
      'a wrong password',
      401,
      { error: 'invalid_grant', error_description: 'Invalid user credentials' },
      /"root" in \(Invalid/,
    ],
    ['an unknown page', 404, { error: 'Realm does not exist' }, /answered 404 .*check the address/],
    ['a failing server', 500, {}, /answered 500/],
    ['something that is no Keycloak', 200, { hello: 'world' }, /is not a Keycloak/],
  ]
  for (const [what, status, body, message] of answers) {
    it(`explains ${what}, and never tells the password`, async () => {
      const text = await refusal(await serve(json(status, body)))
      expect(text).to.match(message)
      expect(text).not.to.contain('hidden')
    })
  }

  it('explains an answer that is not JSON', async () => {
    expect(await refusal(await serve((_req, res) => void res.end('<html>')))).to.contain('is not a Keycloak')
  })
})
