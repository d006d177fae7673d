import { expect } from 'chai'
import { createRequestIds } from '../../src/edge/request-id.ts'
import { fakeRequest } from './fake-request.ts'

const TRACE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
const MADE = { requestId: /^[0-9a-f]{24}$/, traceparent: /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/ }

const malformedIds = [
  ['too short', 'short'],
  ['too long', 'x'.repeat(129)],
  ['empty', ''],
  ['with a line break', 'abcdefgh\r\nSet-Cookie: x'],
  ['with a quote', 'abcdefgh"'],
  ['with markup', '<script>alert(1)</script>'],
  ['with a blank', 'abcdefgh ijkl'],
  ['beyond ASCII', 'abcdefgh\xe9'],
  ['sent twice', ['abcdefgh', 'ijklmnop']],
] as const

const malformedTraces = [
  ['of another version', TRACE.replace('00-', '01-')],
  ['with zeros as trace id', '00-00000000000000000000000000000000-00f067aa0ba902b7-01'],
  ['with zeros as parent id', '00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01'],
  ['in capitals', TRACE.toUpperCase()],
  ['cut short', TRACE.slice(0, -1)],
  ['with more behind', `${TRACE}-00`],
  ['sent twice', [TRACE, TRACE]],
] as const

describe('request ids', () => {
  const ids = createRequestIds()

  it('are never the same twice', () => {
    const made = Array.from({ length: 5_000 }, () => ids(fakeRequest(), false))
    expect(new Set(made.map(({ requestId }) => requestId)).size).to.equal(5_000)
    expect(new Set(made.map(({ traceparent }) => traceparent)).size).to.equal(5_000)
  })

  it('are well-formed from the first to the one after the counter ran over', () => {
    const late = createRequestIds(Buffer.from('00112233445566778899aabbfffffffe', 'hex'))
    const edge = createRequestIds(Buffer.from('0011223344556677ffffffff00000000', 'hex'))
    for (const make of [ids, late, edge]) {
      const { requestId, traceparent } = make(fakeRequest(), false)
      expect(requestId).to.match(MADE.requestId)
      expect(traceparent).to.match(MADE.traceparent)
    }
  })

  it('of another process differ', () => {
    expect(createRequestIds()(fakeRequest(), false)).not.to.deep.equal(createRequestIds()(fakeRequest(), false))
  })

  it('of a trusted hop are kept', () => {
    const headers = { 'X-Request-Id': 'edge-4711.a_b', traceparent: TRACE }
    expect(ids(fakeRequest({ headers }), true)).to.deep.equal({ requestId: 'edge-4711.a_b', traceparent: TRACE })
  })

  it('of strangers are made anew', () => {
    const { requestId, traceparent } = ids(
      fakeRequest({ headers: { 'X-Request-Id': 'edge-4711.a_b', traceparent: TRACE } }),
      false,
    )
    expect(requestId).to.match(MADE.requestId)
    expect(traceparent).to.match(MADE.traceparent).and.not.equal(TRACE)
  })

  for (const [what, value] of malformedIds)
    it(`of a trusted hop are made anew when the id is ${what}`, () => {
      const { requestId, traceparent } = ids(
        fakeRequest({ headers: { 'X-Request-Id': value, traceparent: TRACE } }),
        true,
      )
      expect(requestId).to.match(MADE.requestId)
      expect(traceparent).to.equal(TRACE)
    })

  for (const [what, value] of malformedTraces)
    it(`of a trusted hop are made anew when the trace is ${what}`, () => {
      const headers = { 'X-Request-Id': 'edge-4711.a_b', traceparent: value }
      const { requestId, traceparent } = ids(fakeRequest({ headers }), true)
      expect(requestId).to.equal('edge-4711.a_b')
      expect(traceparent).to.match(MADE.traceparent)
    })
})
