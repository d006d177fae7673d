import { expect } from 'chai'
import { createHostCheck } from '../../src/edge/host-check.ts'
import { refusalOf } from './refusal.ts'

const checks = {
  'https://app.example.com': createHostCheck('https://app.example.com', []),
  'http://localhost:3000': createHostCheck('http://localhost:3000', ['gateway.internal:3000', 'probe.internal']),
  'http://[::1]:3000': createHostCheck('http://[::1]:3000', []),
}

type Row = readonly [publicUrl: keyof typeof checks, ...hosts: (string | undefined)[]]

const served: readonly Row[] = [
  ['https://app.example.com', 'app.example.com', 'app.example.com:443', 'APP.Example.COM'],
  ['http://localhost:3000', 'localhost:3000', 'LOCALHOST:3000', 'gateway.internal:3000', 'probe.internal'],
  ['http://localhost:3000', 'probe.internal:80'],
  ['http://[::1]:3000', '[::1]:3000'],
]
const refused: readonly Row[] = [
  ['https://app.example.com', undefined, '', 'evil.example', 'app.example.com:80', 'app.example.com:8443'],
  [
    'https://app.example.com',
    'app.example.com.',
    '.app.example.com',
    'x.app.example.com',
    'app.example.com.evil.example',
  ],
  ['https://app.example.com', 'user@app.example.com', 'app.example.com@evil.example', 'app.example.com:443:443'],
  ['https://app.example.com', 'app.example.com, evil.example', 'app.example.com evil', 'app.example.com/x', '*'],
  ['https://app.example.com', 'app.example.com:', 'app.example.com:0443', 'app.example.com#', '127.0.0.1', 'localhost'],
  ['http://localhost:3000', 'localhost', 'localhost:3001', '127.0.0.1:3000', 'gateway.internal', 'probe.internal:3000'],
  ['http://[::1]:3000', '[::1]', '::1:3000', '[::2]:3000', '[0:0:0:0:0:0:0:1]:3000'],
]

describe('the host check', () => {
  for (const [publicUrl, ...hosts] of served)
    for (const host of hosts) it(`of ${publicUrl} serves ${host}`, () => checks[publicUrl](host, '/api/orders'))

  for (const [publicUrl, ...hosts] of refused)
    for (const host of hosts)
      it(`of ${publicUrl} refuses ${JSON.stringify(host)}`, () => {
        expect(refusalOf(() => checks[publicUrl](host, '/api/orders')).status).to.equal(421)
      })

  for (const path of ['/health', '/ready', '/backchannel-logout'])
    it(`leaves ${path} to anyone who knows an address`, () => {
      for (const host of [undefined, '10.1.2.3:3000', 'evil.example']) checks['https://app.example.com'](host, path)
    })

  for (const path of ['/healthy', '/health/', '/HEALTH', '/ready/x', '/', '/backchannel-logout/'])
    it(`knows no exception for ${path}`, () => {
      expect(refusalOf(() => checks['https://app.example.com']('10.1.2.3', path)).code).to.equal('MISDIRECTED_REQUEST')
    })
})
