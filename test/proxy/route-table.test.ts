import { expect } from 'chai'
import fc from 'fast-check'
import { createRouteTable } from '../../src/proxy/route-table.ts'

const tableOf = (...paths: string[]) => createRouteTable(paths.map((path) => ({ path })))

const rows: readonly (readonly [paths: string[], asked: string, found: string | undefined])[] = [
  [['/api'], '/api', '/api'],
  [['/api'], '/api/', '/api'],
  [['/api'], '/api/orders/7', '/api'],
  [['/api'], '/apix', undefined],
  [['/api'], '/api-internal', undefined],
  [['/api'], '/api.json', undefined],
  [['/api'], '/API', undefined],
  [['/api'], '/Api/orders', undefined],
  [['/api'], '/', undefined],
  [['/api'], '/v1/api', undefined],
  [['/api', '/api/orders'], '/api/orders', '/api/orders'],
  [['/api', '/api/orders'], '/api/orders/7', '/api/orders'],
  [['/api', '/api/orders'], '/api/ordersx', '/api'],
  [['/api/orders', '/api'], '/api/Orders', '/api'],
  [['/api', '/api/orders', '/api/orders/7'], '/api/orders/7/lines', '/api/orders/7'],
  [['/api', '/api/orders'], '/api/order', '/api'],
  [['/api/orders'], '/api', undefined],
  [['/'], '/', '/'],
  [['/'], '/anything/at/all', '/'],
  [['/', '/api'], '/api/x', '/api'],
  [['/', '/api'], '/apix', '/'],
  [['/a'], '/a%2Fb', undefined],
  [['/constructor'], '/__proto__', undefined],
  [['/a'], '/constructor', undefined],
  [['/a'], '/toString', undefined],
  [['/__proto__'], '/__proto__/x', '/__proto__'],
]

describe('the route table', () => {
  for (const [paths, asked, found] of rows)
    it(`of ${paths.join(' and ')} finds ${found ?? 'nothing'} for ${asked}`, () => {
      expect(tableOf(...paths)(asked)?.path).to.equal(found)
    })

  it('without routes finds nothing', () => expect(tableOf()('/')).to.equal(undefined))

  it('finds the longest path that is a prefix by whole segments, whatever the order of the routes', () => {
    const segment = fc.constantFrom('a', 'b', 'ab', 'A', 'a.b')
    const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => `/${segments.join('/')}`)
    fc.assert(
      fc.property(fc.uniqueArray(path, { maxLength: 8 }), path, (paths, asked) => {
        const longest = paths
          .filter((candidate) => `${asked}/`.startsWith(`${candidate}/`))
          .sort((x, y) => y.length - x.length)[0]
        expect(tableOf(...paths)(asked)?.path).to.equal(longest)
      }),
      { numRuns: 1_000 },
    )
  })
})
