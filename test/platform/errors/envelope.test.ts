import { expect } from 'chai'
import { failure, problemDetails, success } from '../../../src/platform/errors/envelope.ts'
import { errorCodes } from '../../../src/platform/errors/error-codes.ts'
import { GatewayError, unavailable } from '../../../src/platform/errors/gateway-error.ts'

const ISO_UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

describe('The envelope', () => {
  it('of a success carries the data, a message and the request', () => {
    const { metadata, ...rest } = success({ id: 7 }, 'Order found', 'req-1')
    expect(rest).to.deep.equal({ success: true, message: 'Order found', data: { id: 7 } })
    expect(metadata).to.include({ version: '1.0', correlationId: 'req-1' })
    expect(metadata.timestamp).to.match(ISO_UTC)
  })

  it('of a failure carries the stable code, a sentence, the details and the request', () => {
    const error = new GatewayError('INVALID_REQUEST', {
      details: { fields: [{ field: 'max' }] },
      reason: 'for the log',
    })
    const whole = failure(error, 'req-2')
    const { metadata } = whole
    expect(whole).to.deep.equal({
      success: false,
      error: {
        message: 'The request is malformed.',
        code: 'INVALID_REQUEST',
        details: { fields: [{ field: 'max' }] },
        correlationId: 'req-2',
        timestamp: metadata.timestamp,
      },
      metadata: { timestamp: metadata.timestamp, version: '1.0', correlationId: 'req-2' },
    })
    expect(metadata.timestamp).to.match(ISO_UTC)
  })

  it('is also told as problem details (RFC 9457)', () => {
    const error = new GatewayError('TOKEN_EXPIRED', { details: { a: 1 } })
    expect(problemDetails(error, 'req-3')).to.deep.equal({
      type: 'urn:cloakroom:error:token-expired',
      title: 'The access token has expired.',
      status: 401,
      instance: 'urn:cloakroom:request:req-3',
      code: 'TOKEN_EXPIRED',
      details: { a: 1 },
    })
  })

  it('of a 5xx says nothing of why, even when somebody put it into the details', () => {
    const error = new GatewayError('UPSTREAM_UNAVAILABLE', {
      details: { host: 'orders.internal' },
      reason: 'canary-reason',
      cause: new Error('canary-cause'),
    })
    for (const rendered of [failure(error, 'r'), problemDetails(error, 'r')]) {
      const text = JSON.stringify(rendered)
      expect(text).not.to.contain('orders.internal')
      expect(text).not.to.contain('canary')
      expect(text).to.contain('"details":{}')
    }
  })

  it('never shows the reason or the cause', () => {
    const error = new GatewayError('TOKEN_INVALID', { reason: 'canary', cause: new Error('canary') })
    expect(JSON.stringify([failure(error, 'r'), problemDetails(error, 'r')])).not.to.contain('canary')
  })
})

describe('The table of error codes', () => {
  for (const [code, { status, message }] of Object.entries(errorCodes)) {
    it(`${code} is ${status} and one friendly sentence`, () => {
      expect(code).to.match(/^[A-Z]+(_[A-Z]+)*$/)
      expect(status).to.be.within(400, 599)
      expect(message).to.match(/^[A-Z][^\n]+\.$/)
    })
  }
})

describe('A dependency that is down', () => {
  it('tells when to come back', () => {
    expect(unavailable('KEYCLOAK_UNAVAILABLE', 'why').headers).to.deep.equal({ 'Retry-After': '5' })
    const cause = new Error('x')
    const error = unavailable('SESSION_STORE_UNAVAILABLE', 'why', cause, 30)
    expect(error).to.include({ status: 503, reason: 'why', cause, code: 'SESSION_STORE_UNAVAILABLE' })
    expect(error.headers).to.deep.equal({ 'Retry-After': '30' })
  })
})
