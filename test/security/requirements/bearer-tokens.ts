import { requirement as must, type RequirementGroup } from '../requirements.ts'

export const bearerTokens: RequirementGroup = {
  title: 'Bearer tokens',
  requirements: [
    must(
      'JWT-01',
      'algorithms',
      ['identity/bearer/refused-tokens.ts', 'HS256'],
      ['identity/bearer/refused-tokens.ts', 'none'],
    ),
    must(
      'JWT-02',
      'keys come from the key set alone',
      ['identity/bearer/refused-tokens.ts', 'jku'],
      ['identity/bearer/refused-tokens.ts', 'jwk'],
    ),
    must('JWT-03', 'times', ['identity/bearer/refused-claims.ts', 'exp'], ['identity/bearer/refused-claims.ts', 'iat']),
    must('JWT-04', 'audience', ['identity/bearer/refused-claims.ts', 'aud']),
    must('JWT-05', 'only access tokens', ['identity/bearer/refused-tokens.ts', 'typ']),
    must(
      'JWT-07',
      'crit and b64',
      ['identity/bearer/refused-tokens.ts', 'crit'],
      ['identity/bearer/refused-tokens.ts', 'b64'],
    ),
    must(
      'JWT-08',
      'size, parts and depth',
      ['identity/bearer/bearer.test.ts', 'of too many characters for one header is 431'],
      ['identity/bearer/token-spellings.test.ts', 'however deep'],
    ),
    must('JWT-09', 'members that come twice', ['identity/bearer/token-spellings.test.ts', 'twice']),
    must(
      'JWT-10',
      'claims of any shape',
      ['identity/caller-claims.test.ts', '__proto__'],
      ['access/policy.test.ts', 'never takes what one namespace holds'],
    ),
    must('JWT-12', 'one token has one spelling', ['identity/bearer/token-spellings.test.ts', 'in another spelling']),
    must('JWK-01', 'floods of unknown keys', [
      'identity/bearer/keys-of-the-provider.test.ts',
      'are not fetched for a flood of made-up key ids',
    ]),
    must('JWK-02', 'rotation', ['identity/bearer/keys-of-the-provider.test.ts', 'may rotate during traffic']),
    must(
      'JWK-03',
      'outages',
      ['platform/oidc/key-set.test.ts', 'is not replaced by'],
      ['platform/oidc/key-set.test.ts', 'cannot tell of an unknown key while the provider fails'],
    ),
    must('JWK-04', 'keys of odd kinds', ['platform/oidc/key-rotation.test.ts', 'passes over keys it cannot use']),
    must('BRR-01', 'the header alone', ['identity/bearer/presenting-tokens.test.ts', 'anywhere else']),
    must(
      'BRR-02',
      'one token, any case of the scheme',
      ['identity/bearer/presenting-tokens.test.ts', 'by the scheme'],
      ['identity/bearer/presenting-tokens.test.ts', 'twice is 400'],
    ),
    must(
      'BRR-03',
      'challenges',
      ['access/policy.test.ts', 'challenges a bearer for what it lacks'],
      ['identity/bearer/presenting-tokens.test.ts', 'is asked for where there is none'],
    ),
    must('BRR-04', 'one of two credentials is final', [
      'identity/bearer/presenting-tokens.test.ts',
      'is final: the cookie does not help out',
    ]),
  ],
}
