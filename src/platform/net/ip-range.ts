import { type BlockList, isIP } from 'node:net'

/**
 * Adds an address or CIDR range to a list.
 * @throws Error naming what is neither
 */
export function addIpRange(list: BlockList, item: string): void {
  const [address = '', prefix, ...more] = item.split('/')
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  const bits = prefix === undefined ? undefined : /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1
  const tooMany = bits !== undefined && (bits < 0 || bits > (family === 'ipv6' ? 128 : 32))
  if (isIP(address) === 0 || tooMany || more.length > 0) {
    throw new Error(`"${item}" is neither an IP address nor a CIDR range such as 10.0.0.0/8`)
  }
  if (bits === undefined) list.addAddress(address, family)
  else list.addSubnet(address, bits, family)
}
