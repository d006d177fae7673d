import { isIP } from 'node:net'
import { expect } from 'chai'
import fc from 'fast-check'
import { createClientAddress } from '../../src/edge/client-address.ts'
import { addressKey } from '../../src/edge/rate-limits/limiter.ts'
import { fakeRequest } from './fake-request.ts'

type Row = readonly [
  what: string,
  trusted: string[],
  peer: string,
  forwardedFor: string | string[] | undefined,
  client: string,
]

const PROXY = '10.0.0.1'
const rows: readonly Row[] = [
  ['nobody is trusted', [], PROXY, '203.0.113.9', PROXY],
  ['the peer is a stranger', ['10.0.0.0/8'], '203.0.113.9', '198.51.100.1', '203.0.113.9'],
  ['a trusted proxy says nothing', ['10.0.0.0/8'], PROXY, undefined, PROXY],
  ['a trusted proxy says who', ['10.0.0.0/8'], PROXY, '203.0.113.9', '203.0.113.9'],
  ['a trusted address without a range', [PROXY], PROXY, '203.0.113.9', '203.0.113.9'],
  ['its neighbour outside of the range', ['10.0.0.0/30'], '10.0.0.4', '203.0.113.9', '10.0.0.4'],
  ['the client invented hops of its own', ['10.0.0.0/8'], PROXY, '1.1.1.1, 127.0.0.1, 203.0.113.9', '203.0.113.9'],
  ['the client invented a trusted hop', ['10.0.0.0/8'], PROXY, '1.1.1.1, 10.9.9.9, 203.0.113.9', '203.0.113.9'],
  ['two trusted proxies in a row', ['10.0.0.0/8'], PROXY, '203.0.113.9, 10.0.0.2', '203.0.113.9'],
  ['everyone is trusted', ['0.0.0.0/0'], PROXY, '203.0.113.9, 10.0.0.2', '203.0.113.9'],
  ['the field came twice', ['10.0.0.0/8'], PROXY, ['1.1.1.1', '203.0.113.9'], '203.0.113.9'],
  ['with a port', ['10.0.0.0/8'], PROXY, '203.0.113.9:4711', '203.0.113.9'],
  ['IPv6 in brackets', ['10.0.0.0/8'], PROXY, '[2001:DB8::7]', '2001:db8::7'],
  ['IPv6 in brackets with a port', ['10.0.0.0/8'], PROXY, '[2001:db8::7]:443', '2001:db8::7'],
  ['IPv6 bare', ['10.0.0.0/8'], PROXY, '2001:db8::7', '2001:db8::7'],
  ['IPv4 inside IPv6', ['10.0.0.0/8'], PROXY, '::ffff:203.0.113.9', '203.0.113.9'],
  ['the peer as IPv4 inside IPv6', ['10.0.0.0/8'], '::ffff:10.0.0.1', '203.0.113.9', '203.0.113.9'],
  ['a proxy on IPv6', ['fd00::/8'], 'fd00::1', '2001:db8::7', '2001:db8::7'],
  ['IPv6 outside of the range', ['fd00::/8'], 'fe80::1', '2001:db8::7', 'fe80::1'],
  ['`unknown`', ['10.0.0.0/8'], PROXY, 'unknown', PROXY],
  ['garbage to the right of an address', ['10.0.0.0/8'], PROXY, '203.0.113.9, garbage', PROXY],
  ['garbage to the left of a trusted hop', ['10.0.0.0/8'], PROXY, '"><script>, 10.0.0.2', '10.0.0.2'],
  ['an empty field', ['10.0.0.0/8'], PROXY, '', PROXY],
  ['commas only', ['10.0.0.0/8'], PROXY, ', , ,', PROXY],
  ['an address that is none', ['10.0.0.0/8'], PROXY, '203.0.113.999', PROXY],
  ['octal and short forms', ['10.0.0.0/8'], PROXY, '0177.1', PROXY],
]

describe('the address of a client', () => {
  for (const [what, trusted, peer, forwardedFor, client] of rows)
    it(`when ${what} is ${client}`, () => {
      const req = fakeRequest({ peer, headers: { 'X-Forwarded-For': forwardedFor } })
      expect(createClientAddress(trusted).of(req)).to.equal(client)
    })

  it('is never taken from another forwarding header', () => {
    const names = ['Forwarded', 'X-Real-IP', 'True-Client-IP', 'CF-Connecting-IP', 'X-Client-IP', 'X-Forwarded']
    const headers = Object.fromEntries(names.map((name) => [name, '203.0.113.9']))
    expect(createClientAddress([PROXY]).of(fakeRequest({ peer: PROXY, headers }))).to.equal(PROXY)
  })

  it('is that of the peer for whatever a stranger sends', () => {
    const address = createClientAddress(['10.0.0.0/8'])
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()), { maxLength: 6 }), (hops) => {
        const req = fakeRequest({ peer: '192.0.2.1', headers: { 'X-Forwarded-For': hops.join(', ') } })
        expect(address.of(req)).to.equal('192.0.2.1')
        expect(address.isTrustedPeer(req)).to.equal(false)
      }),
    )
  })

  it('behind a proxy is what the proxy wrote last, whatever the client wrote before', () => {
    const address = createClientAddress(['10.0.0.0/8'])
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()), { maxLength: 6 }), (hops) => {
        const forwardedFor = [...hops, '192.0.2.77'].join(', ')
        const req = fakeRequest({ peer: PROXY, headers: { 'X-Forwarded-For': forwardedFor } })
        expect(address.of(req)).to.equal('192.0.2.77')
      }),
    )
  })

  it('is always an address, whatever trusted hops pass on', () => {
    const address = createClientAddress(['10.0.0.0/8', '::/0', 'fe80::/10'])
    const zoned = fc.tuple(fc.ipV6(), fc.constantFrom('eth0', '1', 'a.b', '')).map(([ip, zone]) => `${ip}%${zone}`)
    const hop = fc.oneof(
      fc.ipV4(),
      fc.ipV6(),
      zoned,
      fc.constantFrom('::ffff:10.0.0.2', '[fe80::1%eth0]:80'),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.array(hop, { maxLength: 6 }), (hops) => {
        const found = address.of(fakeRequest({ peer: PROXY, headers: { 'X-Forwarded-For': hops.join(', ') } }))
        expect(isIP(found), found).to.be.oneOf([4, 6])
        expect(addressKey(found)).to.be.a('string')
      }),
      { numRuns: 1_000 },
    )
  })
})
