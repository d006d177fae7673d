/** The few values of ASN.1 in DER (X.690) that a certificate is made of. */
export const der = {
  sequence: (...items: readonly Buffer[]) => tagged(0x30, ...items),
  set: (...items: readonly Buffer[]) => tagged(0x31, ...items),
  integer: (value: number | Buffer) => tagged(0x02, typeof value === 'number' ? Buffer.from([value]) : value),
  boolean: (value: boolean) => tagged(0x01, Buffer.from([value ? 0xff : 0])),
  bits: (value: Buffer, unused = 0) => tagged(0x03, Buffer.from([unused]), value),
  octets: (value: Buffer) => tagged(0x04, value),
  text: (value: string) => tagged(0x0c, Buffer.from(value)),
  /** Within the years 1950 to 2049. */
  time: (at: Date) => tagged(0x17, Buffer.from(`${at.toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`)),
  oid,
  /** Context-specific; constructed ones hold other values. */
  context: (number: number, value: Buffer, constructed = true) => tagged((constructed ? 0xa0 : 0x80) | number, value),
}

function tagged(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents)
  return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content])
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length])
  const bytes = Buffer.from(length.toString(16).padStart(length > 0xff ? 4 : 2, '0'), 'hex')
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes])
}

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes = [first * 40 + second, ...rest.flatMap(inSevens)]
  return tagged(0x06, Buffer.from(bytes))
}

function inSevens(value: number): number[] {
  const groups = [value & 0x7f]
  for (let left = value >> 7; left > 0; left >>= 7) groups.unshift(0x80 | (left & 0x7f))
  return groups
}
