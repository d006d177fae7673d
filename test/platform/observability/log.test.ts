import { expect } from 'chai'
import { createLog, type LogLevel, silentLog } from '../../../src/platform/observability/log.ts'
import { requestStorage } from '../../../src/platform/observability/request-context.ts'
import { jwt, leaksIn, opaque, TEXTS } from './canaries.ts'
import { contextFor } from './context-for.ts'

function recordingLog(level: LogLevel = 'debug') {
  let text = ''
  const log = createLog({
    level,
    write(lines) {
      text += lines
    },
  })
  const entries = () =>
    text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  return { log, entries, text: () => text }
}

describe('The log', () => {
  it('writes one JSON object a line, in UTC', () => {
    const { log, entries, text } = recordingLog()
    log.info('caches were cleared', { caches: ['jwks'], by: 'ada' })
    log.warn('second')
    expect(text()).to.match(/^\{[^\n]+\}\n\{[^\n]+\}\n$/)
    expect(entries()[0]).to.deep.include({ level: 'info', message: 'caches were cleared', caches: ['jwks'], by: 'ada' })
    expect(entries()[0]?.timestamp).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  })

  it('writes what its level asks for', () => {
    const counts = (['error', 'warn', 'info', 'debug'] as const).map((level) => {
      const { log, entries } = recordingLog(level)
      for (const name of ['error', 'warn', 'info', 'debug'] as const) log[name]('x')
      log.writeRaw('{"access":1}\n')
      return entries().length
    })
    expect(counts).to.deep.equal([1, 2, 4, 5])
  })

  it('puts the id of the request into every line of it', () => {
    const { log, entries } = recordingLog()
    requestStorage.run(contextFor({ requestId: 'req-42' }), () => log.info('inside'))
    log.info('outside')
    expect(entries().map(({ correlationId }) => correlationId)).to.deep.equal(['req-42', undefined])
  })

  it('cannot be made to write a second line or a line of another level', () => {
    const { log, entries, text } = recordingLog()
    const forged = 'x\n{"level":"error","message":"forged"}\r\u2028\u0085\u001b[2K'
    log.info(forged, { [forged]: forged, level: 'error', message: forged, timestamp: 'never', nested: [{ a: forged }] })
    expect(text().match(/\n/g)).to.have.length(1)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(text().trimEnd()).not.to.match(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/)
    expect(entries()[0]?.level).to.equal('info')
    expect(entries()[0]?.timestamp).to.match(/^\d{4}-/)
  })

  for (const [what, secret] of Object.entries(TEXTS)) {
    it(`at debug level, never lets out ${what}`, () => {
      const { log, text } = recordingLog('debug')
      const error = new Error(secret, { cause: new Error('inner', { cause: { url: secret, body: secret } }) })
      log.debug(secret, { secret, url: secret, list: [secret], [secret]: 1 })
      log.warn('failed', { error })
      log.error(`failed: ${secret}`, { error: Object.assign(error, { response: { data: secret } }), reason: secret })
      expect(leaksIn(text()), text()).to.deep.equal([])
    })
  }

  it('tells what an error was, with its causes and its stack, on one line', () => {
    const { log, entries, text } = recordingLog()
    const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
    log.warn('Redis is away', { error: new Error('outer', { cause }) })
    const { error } = entries()[0] as { error: { message: string; stack: string; cause: { code: string } } }
    expect(error.message).to.equal('outer')
    expect(error.stack).to.contain('log.test.ts')
    expect(error.cause.code).to.equal('ECONNREFUSED')
    expect(text().match(/\n/g)).to.have.length(1)
  })

  it('does not bring down its caller when nothing can be written', () => {
    let broken = true
    let text = ''
    const log = createLog({
      level: 'info',
      write(lines) {
        if (broken) throw new Error('EPIPE')
        text += lines
      },
    })
    expect(() => log.info('lost')).not.to.throw()
    expect(() => log.writeRaw('lost\n')).not.to.throw()
    broken = false
    log.info('found')
    expect(text).to.contain('found')
  })

  it('can be silent', () => {
    for (const name of ['error', 'warn', 'info', 'debug', 'writeRaw'] as const)
      silentLog[name](jwt, { opaque } as never)
  })
})
