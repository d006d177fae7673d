import { requirement as must, type RequirementGroup } from '../requirements.ts'

const MUTANTS = ['fuzz/mutants.test.ts', 'notices that'] as const

export const lasting: RequirementGroup = {
  title: 'WebSockets and what lasts',
  requirements: [
    must(
      'WSS-01',
      'judged as a request on that route',
      ['proxy/web-sockets/websocket-rights.test.ts', 'needs the rights of the route'],
      ['proxy/web-sockets/websocket-callers.test.ts', 'only in a way that the route accepts'],
    ),
    must(
      'WSS-02',
      'foreign pages open none',
      ['proxy/web-sockets/websocket-callers.test.ts', 'of a foreign origin is refused on every route'],
      MUTANTS,
    ),
    must(
      'WSS-03',
      'the upstream gets what it gets for a request',
      ['proxy/web-sockets/websocket-rights.test.ts', 'cannot forge what only the gateway says'],
      ['proxy/web-sockets/websocket-callers.test.ts', 'never the cookie'],
    ),
    must(
      'WSS-04',
      'closed with its credential, everywhere',
      ['proxy/live/live-exchanges-of-sessions.test.ts', 'end together when the person signs out'],
      ['proxy/live/live-exchanges-of-instances.test.ts', 'ends at both when the person signs out at one'],
      ['proxy/live/long-polls.test.ts', 'is refused when the person signs out'],
    ),
    must(
      'WSS-05',
      'limits and back-pressure',
      ['proxy/web-sockets/websocket-limits.test.ts', 'WebSockets are limited'],
      ['proxy/web-sockets/websocket-back-pressure.test.ts', 'loses nothing'],
    ),
    must(
      'WSS-06',
      'handshakes are exact',
      ['proxy/web-sockets/websocket-handshake.test.ts', 'is refused with'],
      ['proxy/web-sockets/websocket-refusals.test.ts', 'but answers'],
    ),
    must(
      'WSS-07',
      'none where none are',
      ['edge/request-line.test.ts', 'WEBSOCKET_UNAVAILABLE'],
      ['fuzz/fuzz.test.ts', 'finds nothing from a seed of its own'],
    ),
    must('WSS-08', 'no tunnel behind a refused handshake', [
      'proxy/web-sockets/websocket-handshake.test.ts',
      'and nothing behind it is read',
    ]),
  ],
}
