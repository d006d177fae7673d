import { requirement as must, type RequirementGroup } from '../requirements.ts'

export const signingOut: RequirementGroup = {
  title: 'Signing out',
  requirements: [
    must('RPL-01', 'nobody is signed out by another page', ['login/logout-csrf.test.ts', 'cannot be forced on anyone']),
    must('RPL-02', 'signed out here even when the provider is away', [
      'login/logout.test.ts',
      'signs out here all the same',
    ]),
    must('RPL-03', 'the provider is told, in an address of sane length', [
      'login/logout.test.ts',
      'leaves a very long ID token out of the address',
    ]),
    must('RPL-04', 'the request chooses no way back', ['login/logout.test.ts', 'goes nowhere the request chose']),
    must('RPL-05', 'over means over, also for calls on their way', [
      'login/logout.test.ts',
      'holds while calls of the session are on their way',
    ]),
    must(
      'BCL-01',
      'form and method of the provider’s call',
      ['login/backchannel-logout.test.ts', 'takes nothing but POST'],
      ['login/backchannel-logout.test.ts', 'with 400`'],
    ),
    must('BCL-02', 'no browser’s proof is asked', [
      'login/backchannel-logout.test.ts',
      'needs no cookie, no proof and no origin',
    ]),
    must(
      'BCL-04…09',
      'logout tokens',
      ['login/wrong-logout-tokens.ts', 'nonce'],
      ['login/wrong-logout-tokens.ts', 'events'],
    ),
    must(
      'BCL-10',
      'replays end nothing newer',
      ['login/backchannel-logout.test.ts', 'refuses a token that was used before'],
      ['login/backchannel-logout.test.ts', 'does not end a login that came after it'],
    ),
    must('BCL-12', 'what it names and nothing else', [
      'login/backchannel-logout.test.ts',
      'of one session leaves another session of the same person alone',
    ]),
    must(
      'BCL-13',
      'everywhere at once',
      ['login/backchannel-logout.test.ts', 'ends a login that is in flight'],
      ['proxy/live/live-exchanges-of-instances.test.ts', 'ends at both when the provider says so to one'],
    ),
    must('BCL-15', 'an outage is never a 200', ['login/backchannel-outages.test.ts', 'is 503 in time while it hangs']),
  ],
}
