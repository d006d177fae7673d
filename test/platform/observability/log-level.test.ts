import { expect } from 'chai'
import { createLog } from '../../../src/platform/observability/log.ts'

describe('The level of the log', () => {
  it('can be changed while running, for finished lines too', () => {
    const lines: string[] = []
    const log = createLog({ level: 'info', write: (text) => void lines.push(text) })
    const say = (level: 'error' | 'warn' | 'info' | 'debug') => {
      lines.length = 0
      log.setLevel(level)
      log.error('error')
      log.warn('warn')
      log.info('info')
      log.debug('debug')
      log.writeRaw('raw')
      return lines.map((line) => /"message":"(\w+)"/.exec(line)?.[1] ?? line).sort()
    }
    expect(say('error')).to.deep.equal(['error'])
    expect(say('debug')).to.deep.equal(['debug', 'error', 'info', 'raw', 'warn'])
    expect(say('warn')).to.deep.equal(['error', 'warn'])
    expect(say('info')).to.deep.equal(['error', 'info', 'raw', 'warn'])
  })
})
