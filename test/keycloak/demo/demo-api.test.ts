import { expect } from 'chai'
import fc from 'fast-check'
import { createDemoApi, type DemoApi } from '../../../keycloak/demo/demo-api.ts'
import { createOrderBook } from '../../../keycloak/demo/order-book.ts'

const fromGateway = {
  authorization: 'Bearer the.access.token',
  'x-user-id': 'f88c307d',
  'x-user-name': 'alice',
  'x-user-roles': 'realm:customer,client:orders-api:a%2Cb',
  'x-request-id': 'r-1',
}

describe('The demo API', () => {
  let api: DemoApi
  before(async () => {
    api = await createDemoApi({ tickInterval: 5 })
  })
  after(() => api.stop())
  const call = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(api.url + path, { headers: fromGateway, ...init })
    // biome-ignore lint/suspicious/noExplicitAny: tests read whatever the API sends
    return { response, status: response.status, json: (await response.json()) as any }
  }
  const order = (body: unknown) =>
    call('/orders', {
      method: 'POST',
      headers: { ...fromGateway, 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })

  for (const path of ['/orders', '/orders/1', '/whoami', '/events']) {
    it(`refuses ${path} to whoever comes past the gateway`, async () => {
      const { status, json } = await call(path, { headers: { 'x-user-id': 'me' } })

      expect(status).to.equal(401)
      expect(json.error).to.equal('token_missing')
    })
  }

  it('says who is calling, and never the token', async () => {
    const { json } = await call('/whoami')

    expect(json).to.deep.equal({
      id: 'f88c307d',
      name: 'alice',
      roles: ['realm:customer', 'client:orders-api:a,b'],
      tenant: null,
      requestId: 'r-1',
      tokenArrived: true,
    })
  })

  it('takes an order, and shows it first', async () => {
    const { status, json, response } = await order({ item: ' Umbrella ', quantity: 2 })
    const { json: list } = await call('/orders')

    expect(status).to.equal(201)
    expect(json.order).to.include({ item: 'Umbrella', quantity: 2, placedBy: 'alice', status: 'open' })
    expect(list.orders[0]).to.deep.equal(json.order)
    expect((await call(response.headers.get('location') ?? '')).json).to.deep.equal(json)
  })

  it('knows no order of another number', async () => {
    expect((await call('/orders/4711')).json).to.deep.equal({
      error: 'order_not_found',
      message: 'There is no order 4711.',
    })
  })

  const bad: { what: string; body: unknown; status: number; problems?: string[] }[] = [
    { what: 'nothing', body: {}, status: 422, problems: ['item', 'quantity'] },
    { what: 'a list', body: [], status: 422, problems: ['item', 'quantity'] },
    { what: 'half a piece', body: { item: 'Coat', quantity: 0.5 }, status: 422, problems: ['quantity'] },
    { what: 'a hundred', body: { item: 'Coat', quantity: 100 }, status: 422, problems: ['quantity'] },
    { what: 'blanks', body: { item: '  ', quantity: 1 }, status: 422, problems: ['item'] },
    { what: 'a novel', body: { item: 'x'.repeat(81), quantity: 1 }, status: 422, problems: ['item'] },
    { what: 'broken JSON', body: '{"item":', status: 400 },
    { what: 'far too much', body: JSON.stringify({ item: 'x'.repeat(20_000) }), status: 413 },
  ]
  for (const { what, body, status, problems } of bad) {
    it(`refuses to order ${what}`, async () => {
      const answer = await order(body)

      expect(answer.status).to.equal(status)
      if (problems) expect(answer.json.problems).to.have.all.keys(...problems)
    })
  }

  it('sends events as they happen', async () => {
    const response = await fetch(`${api.url}/events`, { headers: fromGateway })
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    while (!text.includes('"count":3')) text += (await reader?.read())?.value ?? ''
    await reader?.cancel()

    expect(response.headers.get('content-type')).to.equal('text/event-stream')
    expect(text).to.match(/^id: 1\nevent: tick\ndata: \{"count":1,/)
  })

  it('serves the page under a policy that allows no inline script', async () => {
    const page = await fetch(api.url)
    const html = await page.text()

    expect(page.headers.get('content-security-policy')).to.match(/^default-src 'self'/)
    expect(html).not.to.match(/<script(?![^>]*src=)|<style| on[a-z]+=| style=/i)
    for (const [, path] of html.matchAll(/(?:src|href)="(\/[\w.]+)"/g)) {
      expect((await fetch(api.url + path)).status, path).to.equal(200)
    }
  })

  it('answers 404 where nothing is', async () => {
    expect((await call('/nowhere')).json).to.deep.equal({
      error: 'not_found',
      message: 'Nothing is at /nowhere here. The demo page is at /.',
    })
  })
})

describe('The order book', () => {
  it('takes whatever comes without falling over', () => {
    const book = createOrderBook()
    fc.assert(
      fc.property(fc.anything(), (input) => {
        const result = book.place(input, 'somebody')
        if ('order' in result) expect(result.order.quantity).to.be.within(1, 99)
        else expect(result.problems).not.to.deep.equal({})
      }),
    )
  })
})
