import { requirement as must, type RequirementGroup } from '../requirements.ts'

const FUZZ = ['fuzz/fuzz.test.ts', 'finds nothing from a seed of its own'] as const

export const paths: RequirementGroup = {
  title: 'Paths',
  requirements: [
    must(
      'PTH-01',
      'what could be read in two ways is 400',
      ['edge/request-target.test.ts', 'is refused'],
      ['security/path-vectors.test.ts', 'is not reached by'],
    ),
    must(
      'PTH-02',
      'one reading for rule, log and upstream',
      ['edge/request-target.test.ts', 'is read the same way by every other server'],
      ['edge/arrive.test.ts', 'logs the path as it was understood'],
      FUZZ,
    ),
    must(
      'PTH-03',
      'unknown paths are nobody’s; whole segments only',
      ['proxy/route-table.test.ts', 'a prefix by whole segments'],
      ['security/path-vectors.test.ts', 'is not opened by'],
    ),
    must(
      'PTH-04',
      'neither query nor fragment opens anything',
      ['security/path-vectors.test.ts', '/api/public?x=/api/admin'],
      ['edge/request-target.test.ts', 'keeps its query byte for byte'],
    ),
    must(
      'PTH-05',
      'case is exact',
      ['security/path-vectors.test.ts', '/API/admin'],
      ['operations/cache-routes.test.ts', 'are at these two addresses and no other'],
    ),
  ],
}
