import { requirement as must, type RequirementGroup } from '../requirements.ts'

export const sessions: RequirementGroup = {
  title: 'Sessions',
  requirements: [
    must(
      'SES-02',
      'fixation',
      ['login/open-session.test.ts', 'has an id that nobody chose'],
      ['login/open-session.test.ts', 'it is read from the cookie alone'],
    ),
    must(
      'SES-03',
      'cookie tossing',
      ['identity/session/session-cookie.test.ts', 'twice is refused, for nobody can tell which was planted'],
      ['login/pending-logins.test.ts', 'survive a planted cookie of the same name'],
    ),
    must(
      'SES-04',
      'both ends of a session',
      ['login/session-state.test.ts', 'absolute: eight hours after login'],
      ['login/session-state.test.ts', 'idle: half an hour'],
    ),
    must(
      'SES-06',
      'secrets rotate',
      ['identity/session/session-cookie.test.ts', 'opens with every secret of the list'],
      ['platform/config/production-rules.test.ts', 'SESSION_SECRET_KEY'],
    ),
    must(
      'SES-07',
      'ended everywhere',
      ['identity/session/end-session.test.ts', 'removes it from the store first, then here, then everywhere'],
      ['login/two-instances.test.ts', 'forget a session that ended at the other at once'],
    ),
    must('SES-09', 'outages of the store', [
      'outages/redis-outages.test.ts',
      'nobody is taken for somebody else or for nobody',
    ]),
    must('SES-10', 'garbage in the store', [
      'outages/redis-garbage.test.ts',
      'nobody gets another identity, at most none',
    ]),
    must('SES-13', 'stronger sign-ins', ['access/policy.test.ts', 'asks for a stronger sign-in for']),
    must(
      'REF-01',
      'one refresh for all',
      ['identity/session/refresh-property.test.ts', 'no refresh token is ever spent twice'],
      ['identity/session/refresh.test.ts', 'though 200 ask at once'],
    ),
    must('REF-03', 'a lost lease', [
      'identity/session/lost-lease.test.ts',
      'writes nothing while the other one is at it',
    ]),
    must('REF-04', 'only a dead grant ends a session', [
      'identity/session/refresh-failures.test.ts',
      'for any other reason keeps the session',
    ]),
    must('REF-05', 'answers without a refresh token', [
      'identity/session/refresh.test.ts',
      'keeps the refresh token when the answer brings none',
    ]),
    must(
      'REF-06',
      'the same person afterwards',
      ['identity/session/refresh-untrusted.test.ts', 'ends the session'],
      ['identity/session/refresh.test.ts', 'brings changed roles, scopes and groups into force at once'],
    ),
    must('REF-07', 'signed out in the middle', [
      'identity/session/refresh-failures.test.ts',
      'because the person signs out meanwhile',
    ]),
    must(
      'REF-08',
      'what the provider ends without a word',
      ['revocation/carry-out.test.ts', 'end'],
      ['revocation/watch.test.ts', 'polls again and again'],
    ),
    must('REF-09', 'sealed at rest', ['platform/sealing/sealer.test.ts', 'seal']),
  ],
}
