import { expect } from 'chai'
import fc from 'fast-check'
import {
  isDroppedFromAnswers,
  isHopByHop,
  isOwnCookie,
  isReserved,
  nominatedBy,
} from '../../../src/proxy/headers/header-rules.ts'
import { ordinaryNames, reservedNames, spelled } from '../../security/header-tables.ts'

describe('the rules for header names', () => {
  describe('reserve for the gateway', () => {
    for (const name of reservedNames) it(name, () => expect(isReserved(name)).to.equal(true))

    it('each of them in every case and with every separator', () => {
      fc.assert(
        fc.property(fc.constantFrom(...reservedNames).chain(spelled), (name) => isReserved(name)),
        { numRuns: 2_000 },
      )
    })

    it('every name that begins like one of their families', () => {
      const families = [
        'X-User-',
        'X-Tenant-',
        'X-Forwarded-',
        'X-Remote-',
        'X-Auth-',
        'X-Authenticated-',
        'X-Original-',
      ]
      const prefix = fc.constantFrom(...families, 'X-Rewrite-', 'X-Client-Cert', 'X-Client-Cert-', 'Remote-')
      const rest = fc.stringMatching(/^[A-Za-z0-9_.-]{1,20}$/)
      fc.assert(
        fc.property(prefix, rest, (start, end) => isReserved(start + end)),
        { numRuns: 2_000 },
      )
    })
  })

  describe('leave to the client', () => {
    for (const name of ordinaryNames) it(name, () => expect(isReserved(name)).to.equal(false))
  })

  it('know the fields that only neighbours exchange', () => {
    const names = ['connection', 'keep-alive', 'proxy-connection', 'proxy-authenticate', 'proxy-authorization', 'te']
    for (const name of [...names, 'trailer', 'transfer-encoding', 'upgrade', 'http2-settings', 'expect'])
      expect(isHopByHop(name), name).to.equal(true)
    for (const name of ['content-length', 'host', 'accept', 'x-te', 'trailers'])
      expect(isHopByHop(name)).to.equal(false)
  })

  for (const name of [
    'Connection',
    'Keep_Alive',
    'Transfer_Encoding',
    'transfer.encoding',
    'Content_Length',
    'PROXY_AUTHORIZATION',
  ])
    it(`take ${name} for what it looks like to a server that folds names`, () => {
      expect(isReserved(name) || isHopByHop(name.toLowerCase())).to.equal(true)
    })

  it('read what a Connection field nominates', () => {
    expect([...nominatedBy('X-A, x-b ,,\tX-C')]).to.include.members(['x-a', 'x-b', 'x-c'])
    for (const usual of [undefined, 'keep-alive', 'close']) expect(nominatedBy(usual).size).to.equal(0)
  })

  describe('keep from the client what an upstream says', () => {
    const dropped = ['access-control-allow-origin', 'access-control-allow-credentials', 'access-control-expose-headers']
    for (const name of [
      ...dropped,
      'server',
      'x-powered-by',
      'strict-transport-security',
      'clear-site-data',
      'alt-svc',
    ])
      it(`in ${name}`, () => expect(isDroppedFromAnswers(name)).to.equal(true))
    for (const name of ['service-worker-allowed', 'nel', 'report-to', 'public-key-pins', 'x-request-id'])
      it(`in ${name}`, () => expect(isDroppedFromAnswers(name)).to.equal(true))
    for (const name of ['content-type', 'etag', 'location', 'set-cookie', 'x-custom', 'retry-after', 'link'])
      it(`but not in ${name}`, () => expect(isDroppedFromAnswers(name)).to.equal(false))
  })

  describe('tell the own cookies', () => {
    const own = ['cloakroom', '__Host-cloakroom', 'CLOAKROOM', '__HOST-CloakRoom', '__Secure-cloakroom', ' cloakroom ']
    for (const name of [
      ...own,
      '__Host-cloakroom-login-abc',
      'cloakroom-bounced',
      '"cloakroom"',
      '__Host-__Host-cloakroom',
    ])
      it(JSON.stringify(name), () => expect(isOwnCookie(name)).to.equal(true))
    for (const name of ['session', 'my-cloakroom', 'cloak', '__Host-session', ''])
      it(`from ${JSON.stringify(name)}`, () => expect(isOwnCookie(name)).to.equal(false))
  })
})
