import { expect } from 'chai'
import fc from 'fast-check'
import { createUpstreamAddress } from '../../../src/proxy/upstream/upstream-address.ts'

const ORIGIN = 'http://orders:9001'
const plain = createUpstreamAddress({ upstream: ORIGIN, path: '/api/orders', stripPath: false })
const stripped = createUpstreamAddress({ upstream: ORIGIN, path: '/api/orders', stripPath: true })
const based = createUpstreamAddress({ upstream: `${ORIGIN}/v2`, path: '/api/orders', stripPath: false })
const both = createUpstreamAddress({ upstream: `${ORIGIN}/v2`, path: '/api/orders', stripPath: true })
const root = createUpstreamAddress({ upstream: `${ORIGIN}/v2`, path: '/', stripPath: true })

type Address = typeof plain
const paths: readonly (readonly [what: string, address: Address, path: string, query: string, at: string])[] = [
  ['as it is', plain, '/api/orders/7', '?a=%2f', '/api/orders/7?a=%2f'],
  ['stripped', stripped, '/api/orders/7', '', '/7'],
  ['stripped to nothing', stripped, '/api/orders', '', '/'],
  ['stripped to nothing, with a query', stripped, '/api/orders', '?a', '/?a'],
  ['stripped to a slash', stripped, '/api/orders/', '', '/'],
  ['with a base', based, '/api/orders/7', '', '/v2/api/orders/7'],
  ['stripped, with a base', both, '/api/orders/7', '?x', '/v2/7?x'],
  ['stripped to nothing, with a base', both, '/api/orders', '?x', '/v2?x'],
  ['of the root', root, '/7', '', '/v2/7'],
  ['of the root itself', root, '/', '', '/v2/'],
]

const locations: readonly (readonly [what: string, address: Address, says: string, browser: string])[] = [
  ['its own address', plain, `${ORIGIN}/api/orders/8`, '/api/orders/8'],
  ['its own address, stripped', stripped, `${ORIGIN}/8?x=1#y`, '/api/orders/8?x=1#y'],
  ['its own address with a base', both, `${ORIGIN}/v2/8`, '/api/orders/8'],
  ['its bare origin', stripped, ORIGIN, '/api/orders/'],
  ['its bare origin with a query', stripped, `${ORIGIN}?x=1`, '/api/orders/?x=1'],
  ['its bare base', both, `${ORIGIN}/v2`, '/api/orders'],
  ['its bare base with a query', both, `${ORIGIN}/v2?x=1`, '/api/orders?x=1'],
  ['its own address in capitals', stripped, 'HTTP://ORDERS:9001/8', '/api/orders/8'],
  ['its own address without a scheme', stripped, '//orders:9001/8', '/api/orders/8'],
  ['a path, stripped', stripped, '/8', '/api/orders/8'],
  ['a path below its base', both, '/v2/8', '/api/orders/8'],
  ['a path beside its base', both, '/v2x/8', '/v2x/8'],
  ['a path that is left alone', plain, '/api/orders/8', '/api/orders/8'],
  ['a relative path', stripped, '8?x', '8?x'],
  ['a query alone', stripped, '?page=2', '?page=2'],
  ['an address elsewhere', stripped, 'https://id.example/login?x=1', 'https://id.example/login?x=1'],
  ['an address elsewhere that begins alike', stripped, 'http://orders:90011/8', 'http://orders:90011/8'],
  ['another port', stripped, 'http://orders:9002/8', 'http://orders:9002/8'],
  ['another scheme', stripped, 'https://orders:9001/8', 'https://orders:9001/8'],
  ["its own name as somebody's user", stripped, 'http://orders:9001@evil.example/', 'http://orders:9001@evil.example/'],
  ['nothing', stripped, '', ''],
  ['what is no address', stripped, 'http://[', 'http://['],
]

describe('the address of an upstream', () => {
  for (const [what, address, path, query, at] of paths)
    it(`gets a path ${what}: ${path}${query} → ${at}`, () => expect(address.pathFor(path, query)).to.equal(at))

  for (const [what, address, says, browser] of locations)
    it(`in a Location that is ${what} becomes ${browser || 'nothing'}`, () => {
      expect(address.locationFor(says)).to.equal(browser)
    })

  it('is named without what is not its origin', () => {
    expect([both.origin, both.host]).to.deep.equal([ORIGIN, 'orders:9001'])
    expect(createUpstreamAddress({ upstream: 'https://x.example:443/', path: '/', stripPath: false }).host).to.equal(
      'x.example',
    )
  })

  for (const trap of [
    '//evil.example/x',
    '/\\evil.example',
    '/\t/evil.example',
    '\\\\evil.example',
    '/\\/evil.example',
  ])
    it(`never turns a path below its base into another host: ${JSON.stringify(trap)}`, () => {
      for (const [address, base] of [
        [root, '/v2'],
        [based, '/v2'],
        [both, '/v2'],
      ] as const)
        for (const location of [base + trap, ORIGIN + base + trap]) {
          const seen = new URL(address.locationFor(location), 'https://gateway.example/api/orders/1')
          expect(seen.origin, address.locationFor(location)).to.equal('https://gateway.example')
        }
    })

  it('keeps every mapped redirect on the gateway', () => {
    const tail = fc.string({
      unit: fc.constantFrom('/', '\\', '\t', '.', 'e', '@', ':', '?', '#', '%', ' '),
      maxLength: 12,
    })
    fc.assert(
      fc.property(fc.constantFrom(stripped, based, both, root), tail, (address, end) => {
        const location = `${ORIGIN}/v2/${end}`
        const seen = new URL(address.locationFor(location), 'https://gateway.example/api/orders/1')
        expect(seen.origin).to.equal('https://gateway.example')
      }),
      { numRuns: 2_000 },
    )
  })
})
