import { BlockList } from 'node:net'
import { expect } from 'chai'
import { addIpRange } from '../../../src/platform/net/ip-range.ts'

describe('A range of addresses', () => {
  const INSIDE: [range: string, inside: string, outside: string][] = [
    ['192.0.2.7', '192.0.2.7', '192.0.2.8'],
    ['10.0.0.0/8', '10.255.0.1', '11.0.0.1'],
    ['10.1.2.3/32', '10.1.2.3', '10.1.2.4'],
    ['2001:db8::1', '2001:db8::1', '2001:db8::2'],
    ['fd00::/8', 'fdff::1', 'fe00::1'],
    ['::1/128', '::1', '::2'],
  ]
  for (const [range, inside, outside] of INSIDE) {
    it(`${range} holds ${inside} and not ${outside}`, () => {
      const list = new BlockList()
      addIpRange(list, range)
      const family = (address: string) => (address.includes(':') ? 'ipv6' : 'ipv4')
      expect(list.check(inside, family(inside))).to.equal(true)
      expect(list.check(outside, family(outside))).to.equal(false)
    })
  }

  it('of all addresses is possible, but has to be written out', () => {
    const list = new BlockList()
    addIpRange(list, '0.0.0.0/0')
    expect(list.check('203.0.113.9', 'ipv4')).to.equal(true)
  })

  const REFUSED = [
    '',
    'localhost',
    '10.0.0',
    '10.0.0.256',
    '10.0.0.0/33',
    '::/129',
    '10.0.0.0/',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10.0.0.0/8 ',
    ' ::1',
    '*',
    '010.0.0.1',
    '10.0.0.0/1e1',
    '/8',
  ]
  for (const text of REFUSED) {
    it(`is not ${JSON.stringify(text)}`, () => {
      expect(() => addIpRange(new BlockList(), text)).to.throw(`"${text}" is neither an IP address nor a CIDR range`)
    })
  }
})
