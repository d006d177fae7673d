import { expect } from 'chai'
import fc from 'fast-check'
import { createAccessLog } from '../../../src/platform/observability/access-log.ts'
import { silentLog } from '../../../src/platform/observability/log.ts'
import type { RequestContext } from '../../../src/platform/observability/request-context.ts'
import { jwt, leaksIn } from './canaries.ts'
import { contextFor } from './context-for.ts'

function recording() {
  const writes: string[] = []
  const accessLog = createAccessLog({ ...silentLog, writeRaw: (lines) => void writes.push(lines) })
  const line = (changes: Partial<RequestContext>, status = 200, milliseconds = 1.25) => {
    accessLog.record(contextFor(changes), status, milliseconds)
    accessLog.flush()
    return writes.splice(0).join('')
  }
  return { accessLog, writes, line }
}

describe('The access log', () => {
  it('writes who asked for what, how it ended and how long it took', () => {
    const { line } = recording()
    const entry = JSON.parse(line({ subject: 'user-1', authMethod: 'bearer' }, 201, 12.345)) as Record<string, unknown>
    expect(entry.timestamp).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    expect({ ...entry, timestamp: undefined }).to.deep.equal({
      level: 'info',
      message: 'request',
      timestamp: undefined,
      correlationId: 'req-1',
      method: 'GET',
      path: '/api/orders',
      route: 'orders',
      status: 201,
      ms: 12.3,
      client: '192.0.2.7',
      subject: 'user-1',
      authMethod: 'bearer',
    })
  })

  it('says why a request was refused, and nobody where nobody is known', () => {
    const { line } = recording()
    const entry = JSON.parse(line({ refusal: 'TOKEN_EXPIRED' }, 401)) as object
    expect(entry).to.include({ refusal: 'TOKEN_EXPIRED', status: 401 })
    expect(entry).not.to.have.any.keys('subject', 'authMethod')
  })

  it('writes in batches, and what waits when it is flushed', () => {
    const { accessLog, writes } = recording()
    for (let at = 0; at < 10; at++) accessLog.record(contextFor(), 200, 1)
    expect(writes).to.deep.equal([])
    accessLog.flush()
    expect(writes).to.have.length(1)
    expect(writes[0]?.match(/\n/g)).to.have.length(10)
    accessLog.flush()
    expect(writes).to.have.length(1)
  })

  it('does not wait when much has gathered', () => {
    const { accessLog, writes } = recording()
    for (let at = 0; at < 200; at++) accessLog.record(contextFor(), 200, 1)
    expect(writes.length).to.be.greaterThan(0)
    accessLog.flush()
    expect(writes.join('').match(/\n/g)).to.have.length(200)
  })

  const HOSTILE = [
    '"}\n{"level":"error"}',
    '\\',
    '\u0000\u001b[31m\u2028\u202e',
    'é😀',
    '\ud800',
    '/a%0d%0aSet-Cookie:x',
  ]
  for (const text of HOSTILE) {
    it(`stays one line of strict JSON with ${JSON.stringify(text)} in it`, () => {
      const { line } = recording()
      const written = line({ method: text, path: text, subject: text, authMethod: 'session' })
      expect(written.match(/\n/g)).to.have.length(1)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
      expect(written.trimEnd()).not.to.match(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/)
      expect(JSON.parse(written)).to.include({ level: 'info', route: 'orders' })
    })
  }

  it('stays one line of strict JSON with anything in it', () => {
    const { line } = recording()
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (path, subject) => {
        const written = line({ path, subject, authMethod: 'session' })
        expect(written.indexOf('\n')).to.equal(written.length - 1)
        expect(JSON.parse(written)).to.include({ status: 200 })
      }),
    )
  })

  it('keeps secrets that stand in a path to itself, and long paths short', () => {
    const { line } = recording()
    const short = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"sub":"c4n4ry"}').toString('base64url')}.`
    for (const path of [
      `/reset/${jwt}`,
      `/reset/${short}`,
      `/x/${short.split('.')[1]}`,
      '/reset/token=c4n4ry',
      '/a/code=c4n4ry/b',
    ])
      expect(leaksIn(line({ path })), path).to.deep.equal([])
    expect(line({ path: `/${'a/'.repeat(4_000)}` }).length).to.be.lessThan(900)
  })
})
