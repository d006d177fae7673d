import { requirement as must, type RequirementGroup } from '../requirements.ts'

export const otherPages: RequirementGroup = {
  title: 'Other pages: CSRF and CORS',
  requirements: [
    must(
      'CSR-01',
      'a header no other page can send',
      ['edge/csrf.test.ts', 'fails for an unsafe method with the cookie and without the header'],
      ['security/forgery.test.ts', 'never reaches the upstream with the token of a session'],
      ['fuzz/mutants.test.ts', 'notices that'],
    ),
    must(
      'CSR-02',
      'Fetch Metadata and Origin, also when they come twice',
      ['edge/csrf.test.ts', 'fails for data that another site asks for'],
      ['edge/csrf.test.ts', 'cross-site, cross-site'],
    ),
    must('CSR-03', 'simple requests', ['security/forgery.test.ts', 'text/plain']),
    must(
      'CSR-06',
      'exact origins',
      ['edge/cors.test.ts', 'allow the own origin and the listed ones, by their exact text'],
      ['edge/cors.test.ts', 'know nothing of any other text'],
    ),
    must('CSR-07', 'upstreams say nothing of origins', [
      'proxy/guarded-route.test.ts',
      'drops what the upstream says about origins',
    ]),
    must('CSR-09', 'own answers stay with own pages', ['edge/security-headers.test.ts', 'say']),
    must('CSR-10', 'a refusal tells nothing', [
      'security/forgery.test.ts',
      'is refused the same way with a live and a dead cookie',
    ]),
  ],
}
