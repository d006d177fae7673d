import { json, type RequestHandler } from 'express'
import { GatewayError } from '../errors/gateway-error.ts'
import { duplicateMember, PROTOTYPE } from './duplicate-member.ts'

/**
 * Reads a JSON body of 100 KiB at the most into `req.body`; a body of another type is refused instead of being taken for
 * no body at all.
 * @param letBodyCome answers `Expect: 100-continue`
 */
export function jsonBody(letBodyCome: (...exchange: Parameters<RequestHandler>) => void): RequestHandler[] {
  const parse = json({ limit: '100kb', strict: true, verify: refuseDuplicates })
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

function refuseDuplicates(_req: unknown, _res: unknown, body: Buffer): void {
  const field = duplicateMember(body.toString())
  if (field === undefined) return
  const problem = field === PROTOTYPE ? 'is not known here' : 'must come once'
  throw new GatewayError('INVALID_REQUEST', { details: { fields: [{ field, problem }] } })
}
