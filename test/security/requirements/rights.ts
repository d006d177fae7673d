import { requirement as must, type RequirementGroup } from '../requirements.ts'

export const rights: RequirementGroup = {
  title: 'Rights and limits',
  requirements: [
    must(
      'AUZ-01',
      'nothing without a rule',
      ['architecture/mounts.test.ts', 'has a guard at every mount'],
      ['access/administration.test.ts', 'lets only those who may do everything'],
    ),
    must('AUZ-02', 'namespaces of roles', [
      'access/policy.test.ts',
      'never takes what one namespace holds for what another one asks',
    ]),
    must(
      'AUZ-03',
      'scopes and groups, exactly',
      ['access/policy.test.ts', 'refuses'],
      ['identity/caller-claims.test.ts', 'scope'],
    ),
    must(
      'AUZ-04',
      'HEAD as GET, preflights for all',
      ['proxy/guarded-route.test.ts', 'answers a preflight itself'],
      ['access/permissions.test.ts', 'asks for HEAD what it asks for GET'],
    ),
    must('AUZ-07', 'no way to more than one has', ['access/judge-write.test.ts', 'Whether a write is allowed']),
    must(
      'RATE-01',
      'whom a limit counts',
      ['edge/rate-limits/limiter.test.ts', 'the key of an address'],
      ['operations/guarded-endpoints.test.ts', 'counts those whom it sends away'],
    ),
    must(
      'RATE-02',
      'told, and honest in an outage',
      ['proxy/limits.test.ts', 'are told with the refusal'],
      ['edge/rate-limits/limits-in-an-outage.test.ts', 'holds in each instance when Redis is'],
    ),
  ],
}
