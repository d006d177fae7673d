import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'
import { addIpRange } from '../platform/net/ip-range.ts'

export interface ClientAddress {
  /** Whether the direct peer is a proxy whose forwarding headers are believed. */
  isTrustedPeer(req: IncomingMessage): boolean
  /** The client's address: the peer, or the right-most untrusted hop of `X-Forwarded-For` behind trusted proxies. */
  of(req: IncomingMessage): string
}

/** @param trustedProxies addresses and CIDR ranges; none means that nobody is believed */
export function createClientAddress(trustedProxies: readonly string[]): ClientAddress {
  const trusted = new BlockList()
  for (const item of trustedProxies) addIpRange(trusted, item)
  const isTrusted = (address: string) =>
    trustedProxies.length > 0 && trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')

  return {
    isTrustedPeer: (req) => trustedProxies.length > 0 && isTrusted(peerOf(req)),
    of(req) {
      const peer = peerOf(req)
      if (!isTrusted(peer)) return peer
      const header = req.headers['x-forwarded-for']
      const hops = (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',')
      let client = peer
      // Right to left: everything left of the first untrusted hop was written by strangers.
      for (const hop of hops.reverse()) {
        const address = cleanHop(hop)
        if (address === undefined) return client
        client = address
        if (!isTrusted(address)) return client
      }
      return client
    },
  }
}

function peerOf(req: IncomingMessage): string {
  return unmapped(req.socket.remoteAddress ?? '0.0.0.0')
}

function unmapped(address: string): string {
  return address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address
}

function cleanHop(hop: string): string | undefined {
  const text = hop.trim()
  const bare = /^\[(.+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text
  return isIP(bare) === 0 ? undefined : unmapped(bare.toLowerCase())
}
