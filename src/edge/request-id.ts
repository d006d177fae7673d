import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

export interface RequestIds {
  requestId: string
  traceparent: string
}

const WELL_FORMED = /^[A-Za-z0-9._-]{8,128}$/
// W3C Trace Context section 3.2: version 00, and neither id all zeros.
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/

/** Ids from a random seed and a counter: unique without asking the kernel for entropy on every request. */
export function createRequestIds(seed: Buffer = randomBytes(16)) {
  const high = seed.subarray(0, 8).toString('hex')
  const low = seed.readUInt32BE(8)
  let counter = 0
  const next = () => {
    counter = (counter + 1) % 0xffff_ffff
    return (((low + counter) >>> 0) + 0x1_0000_0000).toString(16).slice(1)
  }

  return function requestIds(req: IncomingMessage, trustedPeer: boolean): RequestIds {
    const own = next()
    if (!trustedPeer) return { requestId: high + own, traceparent: `00-${high}${own}${own}-${high.slice(8)}${own}-01` }
    const id = req.headers['x-request-id']
    const trace = req.headers.traceparent
    return {
      requestId: typeof id === 'string' && WELL_FORMED.test(id) ? id : high + own,
      traceparent:
        typeof trace === 'string' && TRACEPARENT.test(trace)
          ? trace
          : `00-${high}${own}${own}-${high.slice(8)}${own}-01`,
    }
  }
}
