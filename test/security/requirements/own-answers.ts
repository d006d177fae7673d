import { requirement as must, type RequirementGroup } from '../requirements.ts'

export const ownAnswers: RequirementGroup = {
  title: 'Own endpoints, errors and logs',
  requirements: [
    must(
      'OWN-01',
      'JSON: depth, size, members twice',
      ['platform/http/json-body.test.ts', 'is not'],
      ['platform/http/duplicate-member.test.ts', 'is found wherever it stands'],
    ),
    must(
      'OWN-02',
      'strict shapes',
      ['platform/http/read-input.test.ts', 'is refused with'],
      ['operations/cache-routes.test.ts', 'stay as they are for'],
    ),
    must(
      'OWN-03',
      'queries and methods',
      ['security/hostile-bytes.test.ts', 'as a name in the query'],
      ['operations/guarded-endpoints.test.ts', 'answers no other method'],
      ['fuzz/fuzz.test.ts', 'finds nothing from a seed of its own'],
    ),
    must(
      'ERR-01',
      'one shape of errors',
      ['platform/errors/envelope.test.ts', 'problem'],
      ['architecture/invariants.test.ts', 'only the error handler writes error bodies'],
    ),
    must(
      'ERR-02',
      'no inner life in an answer',
      ['platform/observability/error-handler.test.ts', 'error'],
      ['edge/error-page.test.ts', 'runs nothing and loads nothing'],
    ),
    must(
      'ERR-03',
      'nothing ends the process',
      ['security/hostile-bytes.test.ts', 'as bytes, is answered in HTTP or not at all'],
      ['fuzz/mutants.test.ts', 'notices that'],
    ),
    must('LOG-01', 'one line, one event', ['security/hostile-bytes.test.ts', 'leaves no trace in page or log']),
    must(
      'LOG-02',
      'no secrets',
      ['platform/observability/redact.test.ts', 'redact'],
      ['login/journey.test.ts', 'leaves nothing in the log that opens anything'],
    ),
    must('LOG-05', 'labels do not grow', [
      'operations/management-server.test.ts',
      'grows no label for what strangers send',
    ]),
    must('SEC-01', 'HSTS', ['edge/security-headers.test.ts', 'ask for https for a year']),
    must(
      'SEC-02',
      'content policies',
      ['platform/http/html-page.test.ts', 'come under a policy'],
      ['security/every-answer.test.ts', 'carries'],
    ),
    must(
      'SEC-03',
      'security headers on every answer',
      ['security/every-answer.test.ts', 'carries'],
      ['edge/arrive.test.ts', 'gives every answer an id and security headers'],
    ),
    must(
      'SEC-04',
      'nothing personal is kept',
      ['proxy/headers/response-headers.test.ts', 'about caching'],
      ['security/every-answer.test.ts', 'is kept by nobody'],
    ),
    must('RES-01', 'breakers by target', [
      'platform/http/resilience.test.ts',
      'is one of many: another target goes on working',
    ]),
    must(
      'RES-02',
      'readiness and stopping',
      ['operations/health-routes.test.ts', 'allows no more traffic once the gateway stops'],
      ['proxy/stopping.test.ts', 'finishes what it began'],
    ),
    must('RES-03', 'configurations that must not start', ['platform/config/bad-values.test.ts', 'refuse']),
  ],
}
