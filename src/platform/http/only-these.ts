import type { RequestHandler } from 'express'
import { GatewayError } from '../errors/gateway-error.ts'

/** The last handler of a path: every other method is 405. @param methods what `Allow` says */
export function onlyThese(methods: string): RequestHandler {
  return function onlyThese() {
    throw new GatewayError('METHOD_NOT_ALLOWED', { headers: { Allow: methods } })
  }
}
