import { requirement as must, type RequirementGroup } from '../requirements.ts'

export const signingIn: RequirementGroup = {
  title: 'Signing in',
  requirements: [
    must('FLO-01', 'PKCE, S256, fresh', ['login/journey.test.ts', 'asks for a code with PKCE S256']),
    must(
      'FLO-03',
      'state: once, here, for a while',
      ['login/pending-logins.test.ts', 'are finished once'],
      ['login/pending-logins.test.ts', 'belong to the browser that began them'],
      ['login/pending-logins.test.ts', 'end after ten minutes'],
    ),
    must('FLO-04', 'nonce', ['login/failures/id-token-failures.ts', 'nonce']),
    must('FLO-05', 'tabs beside each other, five at most', ['login/pending-logins.test.ts', 'are five at most']),
    must('FLO-06', 'iss of the answer', ['login/failures/address-failures.ts', 'iss']),
    must('FLO-08', 'parameters that come twice', ['login/failures/address-failures.ts', 'twice']),
    must('FLO-09', 'errors of the provider', ['login/callback-failures.test.ts', ':']),
    must('FLO-10', 'the callback is a GET', ['login/pending-logins.test.ts', 'come back by GET alone']),
    must('FLO-11', 'the redirect URI is configured', [
      'login/start-login.test.ts',
      'takes the redirect URI from the configuration',
    ]),
    must('FLO-12', 'the callback’s page leaks nothing', [
      'login/journey.test.ts',
      'shows a callback page that leaks nothing',
    ]),
    must('FLO-13', '303 behind POST', ['login/logout.test.ts', '303 over the provider and back']),
    must(
      'FLO-14',
      'only listed hints',
      ['login/start-login.test.ts', 'passes hints on'],
      ['login/start-login.test.ts', 'and nothing else'],
    ),
    must('FLO-16', 'codes are spent once', ['login/pending-logins.test.ts', 'spends no code']),
    must('FLO-17', 'a new id at each login', ['login/open-session.test.ts', 'does not survive a login']),
    must(
      'FLO-18',
      'nobody finishes another’s login',
      ['login/pending-logins.test.ts', 'nobody can be made to finish the login of another'],
      ['login/start-login.test.ts', 'is for navigations alone'],
    ),
    must(
      'FLO-19',
      'account switch',
      ['login/open-session.test.ts', 'ends when someone signs in in its place'],
      ['login/open-session.test.ts', 'and nothing of the former person is left'],
    ),
    must(
      'FLO-21',
      'discovery is not believed blindly',
      ['login/provider-outages.test.ts', 'whose discovery document is'],
      ['platform/oidc/discovery.test.ts', 'takes the issuer letter by letter'],
    ),
    must(
      'IDT-01…10',
      'ID tokens',
      ['platform/oidc/verify-id-token.test.ts', 'is refused'],
      ['login/failures/id-token-failures.ts', 'alg'],
      ['identity/session/refresh-untrusted.test.ts', 'that cannot be trusted ends the session'],
    ),
    must('IDT-08', 'userinfo', ['login/userinfo.test.ts', 'nobody is signed in']),
    must(
      'CNF-01',
      'the suite’s negative list',
      ['conformance/basic-rp.test.ts', 'oidcc-client-test'],
      ['conformance/refresh-token-rp.test.ts', 'refresh'],
    ),
    must(
      'RDR-01',
      'the way back is always here',
      ['login/return-path.test.ts', 'is always on the gateway itself, as browsers read it'],
      ['login/return-path.test.ts', 'is the start page instead of'],
      ['fuzz/mutants.test.ts', 'notices that'],
    ),
    must('RDR-03', 'also in an upstream’s Location', [
      'proxy/upstream/upstream-address.test.ts',
      'keeps every mapped redirect on the gateway',
    ]),
    must(
      'RDR-04',
      'also through a whole login',
      ['login/return-path.test.ts', 'through a login'],
      ['fuzz/fuzz.test.ts', 'finds nothing from a seed of its own'],
    ),
  ],
}
