import { requirement as must, type RequirementGroup } from '../requirements.ts'

const MUTANTS = ['fuzz/mutants.test.ts', 'notices that'] as const

export const headers: RequirementGroup = {
  title: 'Headers towards upstreams and back',
  requirements: [
    must(
      'HDR-01',
      'identity is told by the gateway alone, on every route',
      ['security/look-alike-headers.test.ts', 'do not pass a public route'],
      ['security/look-alike-headers.test.ts', 'do not pass a guarded route'],
      MUTANTS,
    ),
    must('HDR-02', 'nor in another spelling', [
      'proxy/headers/header-rules.test.ts',
      'each of them in every case and with every separator',
    ]),
    must('HDR-03', 'nor beside ours', ['security/look-alike-headers.test.ts', 'do not double what the gateway writes']),
    must(
      'HDR-04',
      'claims cannot break out of their field',
      ['proxy/headers/identity-headers.test.ts', 'can be read back whatever the claims are'],
      ['proxy/headers/identity-headers.test.ts', 'stay within bounds'],
    ),
    must(
      'HDR-05',
      'only trusted hops say where a request comes from',
      ['edge/client-address.test.ts', 'is that of the peer for whatever a stranger sends'],
      ['proxy/headers/trusted-hop.test.ts', 'is passed on once, and in no other field'],
    ),
    must(
      'HDR-06',
      'no field overrides path or method',
      ['security/path-vectors.test.ts', 'is not opened by'],
      ['security/path-vectors.test.ts', 'is asked with the method that was sent'],
    ),
    must(
      'HDR-07',
      'client certificates are not told by fields',
      ['security/header-tables.ts', 'X-Forwarded-Client-Cert'],
      ['proxy/headers/header-rules.test.ts', 'reserve for the gateway'],
    ),
    must(
      'HDR-08',
      'the client’s own Authorization goes nowhere',
      ['security/look-alike-headers.test.ts', 'leave no trace of a credential on a public route'],
      ['proxy/guarded-route.test.ts', 'lets Authorization win over the cookie'],
    ),
    must(
      'HDR-09',
      'upstreams do not set our cookies',
      ['proxy/headers/response-headers.test.ts', 'never set'],
      ['proxy/headers/response-headers.test.ts', 'never set one without a name'],
    ),
    must(
      'HDR-10',
      'upstreams do not say who they are or how browsers behave',
      ['proxy/headers/header-rules.test.ts', 'keep from the client what an upstream says'],
      ['proxy/headers/response-headers.test.ts', "are the gateway's, each once"],
    ),
    must('HDR-11', 'ids of requests are believed from trusted hops only', [
      'edge/request-id.test.ts',
      'of strangers are made anew',
    ]),
    must('HDR-12', 'what a whole browser request becomes', [
      'security/look-alike-headers.test.ts',
      'a whole request of a browser',
    ]),
  ],
}
