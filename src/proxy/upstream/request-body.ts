import type { IncomingMessage, ServerResponse } from 'node:http'
import { GatewayError } from '../../platform/errors/gateway-error.ts'

/** Whether a request announces a body (RFC 9112 section 6.3). */
export function hasBody({ headers }: IncomingMessage): boolean {
  return (
    headers['transfer-encoding'] !== undefined ||
    (headers['content-length'] !== undefined && headers['content-length'] !== '0')
  )
}

/** @throws GatewayError PAYLOAD_TOO_LARGE when the announced length is too much */
export function checkLength({ headers }: IncomingMessage, maxBody: number): void {
  const length = headers['content-length']
  if (length !== undefined && Number(length) > maxBody)
    throw new GatewayError('PAYLOAD_TOO_LARGE', { details: { limit: maxBody } })
}

/**
 * The body as it comes, counted. Leaving early does not destroy the request, because that would cut the connection before
 * the refusal is written.
 * @throws GatewayError PAYLOAD_TOO_LARGE once too much has come
 */
export async function* countedBody(
  req: IncomingMessage,
  res: ServerResponse,
  maxBody: number,
  letBodyCome: (req: IncomingMessage, res: ServerResponse) => void,
): AsyncGenerator<Buffer> {
  letBodyCome(req, res)
  let size = 0
  for await (const chunk of req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBody) throw new GatewayError('PAYLOAD_TOO_LARGE', { details: { limit: maxBody } })
    yield chunk
  }
}
