import { isUtf8 } from 'node:buffer'
import { json, type RequestHandler } from 'express'
import { GatewayError } from '../errors/gateway-error.ts'
import { duplicateMember } from './duplicate-member.ts'

/** A member of this name is lost as soon as the object is copied: it would be passed over without a word. */
const PROTOTYPE = '__proto__'

/**
 * Reads a JSON body of 100 KiB at the most into `req.body`; a body of another type is refused instead of being taken for
 * no body at all. It has to be UTF-8 (RFC 8259 section 8.1): of another charset members that come twice would not be seen,
 * and bytes that are none would become other letters without a word.
 * @param letBodyCome answers `Expect: 100-continue`
 */
export function jsonBody(letBodyCome: (...exchange: Parameters<RequestHandler>) => void): RequestHandler[] {
  const parse = json({ limit: '100kb', strict: true, verify: refuseAmbiguous })
  return [
    function refuseOtherTypes(req, res, next) {
      const { headers } = req
      const announced = headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'
      if (announced && req.is('application/json') === false)
        throw new GatewayError('UNSUPPORTED_MEDIA_TYPE', { details: { expected: 'application/json' } })
      letBodyCome(req, res, next)
      next()
    },
    parse,
  ]
}

function refuseAmbiguous(_req: unknown, _res: unknown, body: Buffer, charset: string): void {
  if (charset !== 'utf-8') throw new GatewayError('UNSUPPORTED_MEDIA_TYPE', { details: { expected: 'charset=utf-8' } })
  if (!isUtf8(body)) throw refused('(body)', 'must be UTF-8')
  const field = duplicateMember(body.toString(), PROTOTYPE)
  if (field === undefined) return
  throw refused(field, field === PROTOTYPE ? 'is not known here' : 'must come once')
}

function refused(field: string, problem: string): GatewayError {
  return new GatewayError('INVALID_REQUEST', { details: { fields: [{ field, problem }] } })
}
