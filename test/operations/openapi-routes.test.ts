import { createHash } from 'node:crypto'
import { expect } from 'chai'
import { type GatewayUnderTest, startGateway } from '../support/gateway.ts'
import { rawClient } from '../support/raw-client.ts'

interface Document {
  openapi: string
  servers: { url: string }[]
  paths: Record<string, Record<string, { security: object[]; responses: Record<string, object> }>>
  components: { schemas: Record<string, object>; securitySchemes: Record<string, { name?: string }> }
}

describe('The API described by the gateway', () => {
  let gateway: GatewayUnderTest
  before(async () => {
    gateway = await startGateway({ env: { MANAGEMENT_PREFIX: '/management' } })
  })
  after(() => gateway.stop())

  const ask = (target: string, headers: Record<string, string> = {}) => rawClient(gateway.port).ask({ target, headers })
  const read = async () => (await ask('/openapi.json')).json() as Document

  it('is OpenAPI 3.1, for anyone, with the addresses of this gateway', async () => {
    const answer = await ask('/openapi.json')
    expect([answer.status, answer.header('content-type')]).to.deep.equal([200, 'application/json; charset=utf-8'])
    const document = await read()
    expect(document.openapi).to.equal('3.1.0')
    expect(document.servers).to.deep.equal([{ url: gateway.url }])
    expect(document.paths).to.include.keys('/login', '/me', '/cache/clear', '/management/monitoring/health')
    expect(document.components.securitySchemes.session?.name).to.equal('cloakroom')
  })

  it('refers to nothing that is not in it', async () => {
    const text = JSON.stringify(await read())
    const { components } = JSON.parse(text) as Document
    const named = [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name)
    expect(named).to.not.equal([])
    expect(Object.keys(components.schemas)).to.include.members([...new Set(named)])
  })

  it('tells who may call, and how they are refused', async () => {
    const { paths } = await read()
    expect(paths['/health']?.get?.security).to.deep.equal([])
    expect(paths['/me']?.get?.security).to.deep.equal([{ session: [] }, { bearer: [] }])
    expect(Object.keys(paths['/cache/clear']?.post?.responses ?? {})).to.include.members([
      '200',
      '400',
      '401',
      '403',
      '429',
    ])
  })

  it('is a page, too, that needs no script and loads nothing', async () => {
    const answer = await ask('/docs')
    const html = answer.body.toString()
    expect([answer.status, answer.header('content-type')]).to.deep.equal([200, 'text/html; charset=utf-8'])
    expect(html).to.contain('/management/monitoring/health').and.to.contain('Who is calling')
    expect(html).to.not.match(/<script|<link|<img|\son\w+=|\sstyle=|url\(|@import|src=/i)
    const style = /<style>([^<]*)<\/style>/.exec(html)?.[1] ?? ''
    const policy = answer.header('content-security-policy') ?? ''
    expect(policy).to.contain(`'sha256-${createHash('sha256').update(style).digest('base64')}'`)
    expect(policy).to.contain("default-src 'none'").and.to.not.contain('unsafe')
    expect(answer.header('x-frame-options')?.toLowerCase()).to.equal('deny')
  })

  it('shows examples of what is sent, what is answered, and what is refused', async () => {
    const html = (await ask('/docs')).body.toString()
    const article = /<article id="createUser">.*?<\/article>/s.exec(html)?.[0] ?? ''
    expect(article).to.contain('&#34;username&#34;: &#34;carol&#34;').and.to.contain('&#34;success&#34;: true')
    expect(article).to.contain('&#34;code&#34;: &#34;ACCOUNT_TAKEN&#34;')
    const listing = /<article id="listUsers">.*?<\/article>/s.exec(html)?.[0] ?? ''
    expect(listing).to.contain('<code class="e">carol</code>').and.to.contain('&#34;total&#34;: 1')
    const form = /<article id="issueToken">.*?<\/article>/s.exec(html)?.[0] ?? ''
    expect(form).to.contain('grant_type=client_credentials')
  })

  it('leads from its contents to every endpoint', async () => {
    const html = (await ask('/docs')).body.toString()
    const ids = new Set([...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id))
    const links = [...html.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id)
    expect(links.length).to.be.greaterThan(20)
    expect(links.filter((id) => !ids.has(id))).to.deep.equal([])
  })

  for (const target of ['/docs', '/openapi.json'])
    it(`is not sent again to those who have it: ${target}`, async () => {
      const tag = (await ask(target)).header('etag') ?? ''
      expect(tag).to.match(/^"[\w-]{43}"$/)
      const again = await ask(target, { 'If-None-Match': tag })
      expect([again.status, again.body.length]).to.deep.equal([304, 0])
      expect((await ask(target, { 'If-None-Match': '"other"' })).status).to.equal(200)
    })
})
