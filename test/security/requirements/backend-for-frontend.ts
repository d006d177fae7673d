import { requirement as must, type RequirementGroup } from '../requirements.ts'

export const backendForFrontend: RequirementGroup = {
  title: 'Backend for frontend',
  requirements: [
    must('BFF-01', 'the gateway proves itself to the provider', [
      'login/provider-options.test.ts',
      'the gateway proves itself',
    ]),
    must(
      'BFF-02',
      'authorization code alone',
      ['login/journey.test.ts', 'asks for a code with PKCE S256'],
      ['login/failures/address-failures.ts', 'code'],
    ),
    must(
      'BFF-03',
      'no token in browser, log or error',
      ['login/journey.test.ts', 'answers nothing on the way that carries a token'],
      ['login/journey.test.ts', 'leaves nothing in the log that opens anything'],
      ['fuzz/mutants.test.ts', 'notices that'],
    ),
    must('BFF-04', 'the session can be asked about, and tells little', [
      'login/session-state.test.ts',
      'is 401 without a session, never a redirect',
    ]),
    must('BFF-05', 'scripts are never redirected to the provider', [
      'login/journey.test.ts',
      'never sends a script to the provider',
    ]),
    must(
      'BFF-06',
      'a dead grant ends the session, an outage does not',
      ['identity/session/refresh-failures.test.ts', 'because the grant is over'],
      ['identity/session/refresh-failures.test.ts', 'for any other reason keeps the session'],
    ),
    must(
      'BFF-07',
      'cookies with all their attributes',
      ['login/cookie-modes.test.ts', 'has Secure cookies that are pinned to the host'],
      ['login/journey.test.ts', 'HttpOnly, Strict and opaque'],
      ['fuzz/mutants.test.ts', 'notices that'],
    ),
    must('BFF-08', 'an opaque ticket', [
      'login/open-session.test.ts',
      'a ticket with one character changed opens nothing',
    ]),
    must('BFF-10', 'the ticket stays here, the token goes up', [
      'proxy/guarded-route.test.ts',
      'passes the token of a session on, and not the cookie',
    ]),
    must(
      'BFF-11',
      'destinations are fixed',
      ['proxy/upstream/upstream-address.test.ts', 'never turns a path below its base into another host'],
      ['security/path-vectors.test.ts', 'is not reached by'],
    ),
    must('BFF-12', 'methods per route', ['proxy/forwarded-requests.test.ts', '405 with Allow']),
    must('BFF-13', 'redirects of upstreams are relayed', [
      'proxy/forwarded-answers.test.ts',
      'redirects of the upstream as addresses of its own',
    ]),
  ],
}
