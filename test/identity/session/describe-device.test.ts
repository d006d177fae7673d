import { expect } from 'chai'
import fc from 'fast-check'
import { describeDevice } from '../../../src/identity/session/describe-device.ts'

const AGENTS: [agent: string | undefined, description: string][] = [
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox 140 on Windows'],
  [
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36',
    'Chrome 150 on Linux',
  ],
  [
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/150.0.0.0 Safari/537.36',
    'Chrome 150 on Linux',
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36 Edg/150.0.0.0',
    'Edge 150 on Windows',
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36 OPR/134.0.0.0',
    'Opera 134 on Windows',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Safari/605.1.15',
    'Safari 19 on macOS',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1',
    'Safari 19 on iPhone',
  ],
  [
    'Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/150.0.1 Mobile/15E148 Safari/604.1',
    'Chrome 150 on iPad',
  ],
  [
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/29.0 Chrome/136.0.0.0 Mobile Safari/537.36',
    'Samsung Internet 29 on Android',
  ],
  [
    'Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36',
    'Chrome 150 on ChromeOS',
  ],
  ['Mozilla/5.0 (compatible; Windows)', 'Unknown browser on Windows'],
  ['Firefox/7', 'Firefox 7 on an unknown system'],
  ['curl/8.1', 'Unknown device'],
  ['', 'Unknown device'],
  [undefined, 'Unknown device'],
  ['Firefox/99999999 Linux', 'Firefox 9999 on Linux'],
  ['Chrome/00150 Linux', 'Chrome 15 on Linux'],
  [`${'x'.repeat(512)}Firefox/140 Linux`, 'Unknown device'],
]
const SHAPE = /^(Unknown device|Unknown browser on [\w ]{1,20}|[A-Z][a-z]+( [A-Z][a-z]+)? \d{1,4} on [\w ]{1,20})$/

describe('The description of a device', () => {
  for (const [agent, description] of AGENTS) {
    it(`is ${description} for ${(agent ?? 'nothing at all').slice(0, 60)}`, () => {
      expect(describeDevice(agent)).to.equal(description)
    })
  }

  it('holds nothing of what a stranger wrote, whatever that was', () => {
    const piece = fc.constantFrom(
      'Firefox/',
      'Chrome/1',
      'Edg/',
      'Windows',
      '<script>',
      '\r\n',
      ' Linux ',
      '"',
      '١٢',
      '\u202e',
    )
    const agents = fc.array(fc.oneof(piece, fc.string()), { maxLength: 40 }).map((pieces) => pieces.join(''))
    fc.assert(fc.property(agents, (agent) => SHAPE.test(describeDevice(agent))))
  })
})
