import { crc32 } from 'node:zlib'

/** A zip archive of one uncompressed file, as plain as the format allows (PKWARE APPNOTE sections 4.3.7, 4.3.12, 4.3.16). */
export function zipOf(path: string, content: string): Buffer {
  const name = Buffer.from(path)
  const data = Buffer.from(content)
  const common = Buffer.alloc(26)
  common.writeUInt16LE(20, 0)
  common.writeUInt16LE(0x21, 8)
  common.writeUInt32LE(crc32(data), 10)
  common.writeUInt32LE(data.length, 14)
  common.writeUInt32LE(data.length, 18)
  common.writeUInt16LE(name.length, 22)
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, name, data])
  const madeBy = Buffer.from([20, 0])
  const attributes = Buffer.alloc(14)
  const directory = Buffer.concat([Buffer.from('PK\x01\x02'), madeBy, common, attributes, name])
  const end = Buffer.alloc(18)
  end.writeUInt16LE(1, 4)
  end.writeUInt16LE(1, 6)
  end.writeUInt32LE(directory.length, 8)
  end.writeUInt32LE(local.length, 12)
  return Buffer.concat([local, directory, Buffer.from('PK\x05\x06'), end])
}
