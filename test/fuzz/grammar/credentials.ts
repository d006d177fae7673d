import fc from 'fast-check'
import { type Change, type FuzzBearer, type FuzzCookie, PEOPLE } from '../fuzz-case.ts'

const who = fc.constantFrom(...PEOPLE)
const asItIs: fc.Arbitrary<Change> = fc.constant({ kind: 'as it is', at: 0, text: '' })
const somehow: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom('flip', 'flip', 'flip', 'cut', 'append', 'quote', 'upper'),
  at: fc.oneof(fc.integer({ min: 1, max: 5_000 }), fc.constantFrom(...[1, 2, 3].map((back) => 1_000_000 - back))),
  text: fc.constantFrom('x', '%00', ',', '=', '.', '"', '%20', '{', '\xe9', 'a'.repeat(600)),
})
const change = fc.oneof({ weight: 4, arbitrary: asItIs }, somehow)

/** Mostly the gateway's own name, else one that looks like it to a careless reader. */
const names = fc.oneof(
  { weight: 6, arbitrary: fc.constant('cloakroom') },
  fc.constantFrom(
    'CLOAKROOM',
    '__Host-cloakroom',
    '__Secure-cloakroom',
    ' cloakroom',
    '"cloakroom"',
    'cloakroom ',
    '=cloakroom',
  ),
)

export const cookies: fc.Arbitrary<FuzzCookie | null> = fc.option(
  fc.record({ who, name: names, change, twice: fc.nat(9).map((n) => n === 0) }),
  { freq: 3 },
)

export const otherCookies = fc.constantFrom(
  ...['', '', '', '', 'a=b', '__proto__=1', 'constructor=x; toString=y', 'a', '=b', ';;;', 'a=b; a=c', 'a="b;c"'],
  ...[
    'cloakroom-login-x=1',
    '__Host-cloakroom-login-x=1',
    'cloakroom-bounced=1',
    'a=\xe9',
    '$Version=1; a=b',
    'a=b,c=d',
  ],
  `big=${'x'.repeat(5_000)}`,
)

export const bearers: fc.Arbitrary<FuzzBearer | null> = fc.option(
  fc.record({
    who,
    scheme: fc.oneof(
      { weight: 6, arbitrary: fc.constant('Bearer') },
      fc.constantFrom('bearer', 'BEARER', 'Bearer ', 'Basic', 'DPoP', ''),
    ),
    change,
    twice: fc.nat(9).map((n) => n === 0),
  }),
  { freq: 3 },
)
