import { requirement as must, type RequirementGroup } from '../requirements.ts'

const FUZZ = ['fuzz/fuzz.test.ts', 'finds nothing from a seed of its own'] as const
const MUTANTS = ['fuzz/mutants.test.ts', 'notices that'] as const

export const framing: RequirementGroup = {
  title: 'HTTP framing and limits',
  requirements: [
    must(
      'HTTP-01',
      'Connection names go, ours stay, both ways',
      ['security/look-alike-headers.test.ts', 'do not pass a guarded route'],
      ['proxy/headers/response-headers.test.ts', 'about the connection are dropped with all they nominate'],
      MUTANTS,
    ),
    must(
      'HTTP-03',
      'one good Host',
      ['edge/request-line.test.ts', "'two hosts'"],
      ['edge/request-line.test.ts', "'no host'"],
      ['edge/host-check.test.ts', 'refuses'],
    ),
    must(
      'HTTP-04',
      'absolute and other forms are refused',
      ['security/path-tables.ts', 'the absolute form'],
      ['security/path-vectors.test.ts', 'is not reached by'],
    ),
    must(
      'HTTP-05',
      'CONNECT, TRACE and the unknown',
      ['edge/request-line.test.ts', 'that asks for TRACE'],
      ['edge/parser-errors.test.ts', "'CONNECT'"],
    ),
    must(
      'HTTP-06',
      'no request inside of a request',
      ['security/smuggling.test.ts', 'is not made by'],
      ['security/smuggling.test.ts', 'does not come of any mixture of framing'],
      ['edge/parser-errors.test.ts', 'and a closed connection'],
      FUZZ,
    ),
    must(
      'HTTP-07',
      'refused bodies never become requests',
      ['security/smuggling.test.ts', 'that was refused for'],
      ['security/smuggling.test.ts', 'that the upstream did not read'],
    ),
    must(
      'HTTP-08',
      'bad framing of an upstream is 502 or breaks off',
      ['proxy/upstream/odd-answers.test.ts', 'is 502'],
      ['security/hostile-bytes.test.ts', 'as answers, is no worse'],
    ),
    must(
      'HTTP-09',
      'Expect changes no rule',
      ['edge/expectation.test.ts', 'is not passed on'],
      ['edge/expectation.test.ts', 'is 417 like every refusal'],
      ['security/look-alike-headers.test.ts', 'Expect'],
    ),
    must(
      'HTTP-10',
      'no upgrade but WebSocket',
      ['edge/request-line.test.ts', 'an upgrade to h2c, which is ignored'],
      ['proxy/web-sockets/websocket-handshake.test.ts', 'for another protocol is an ordinary request'],
    ),
    must('HTTP-11', 'Max-Forwards and Trace lead nowhere', ['edge/request-line.test.ts', "'TRACE'"]),
    must(
      'HTTP-12',
      'interim answers and bodies that must not be',
      ['proxy/upstream/odd-answers.test.ts', 'the answer to HEAD has no body'],
      ['proxy/forwarded-answers.test.ts', '204, 304 and early answers'],
    ),
    must(
      'HTTP-13',
      'limits with their own status',
      ['edge/parser-errors.test.ts', '16 KiB of fields'],
      ['proxy/forwarded-requests.test.ts', '413 for too long a body'],
      ['edge/slow-clients.test.ts', 'a client that goes silent'],
      ['edge/request-target.test.ts', 'longer than 8 KiB'],
    ),
    must(
      'HTTP-14',
      'a break on one side is a break on the other',
      ['proxy/streaming.test.ts', 'a client that goes while it waits ends the call'],
      ['proxy/forwarded-answers.test.ts', 'a body that breaks off as a connection that breaks off'],
    ),
    must('HTTP-15', 'nothing is sent twice', ['proxy/upstream/odd-answers.test.ts', 'is not sent again']),
    must('HTTP-16', 'compressed bodies are not unfolded without bound', [
      'platform/http/guarded-fetch.test.ts',
      'bounds what a small compressed answer may grow to',
    ]),
    must(
      'FRM-01',
      'answers stay in the order of their requests',
      ['edge/parser-errors.test.ts', 'is not taken for the answer to an earlier request'],
      ['proxy/forwarded-requests.test.ts', 'pipelined requests in their order'],
      FUZZ,
    ),
  ],
}
