import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { isIP } from 'node:net'
import { der } from './der.ts'

/** A certificate with its key, both as PEM text. */
export interface TestCertificate {
  readonly cert: string
  readonly key: string
}

export interface IssueOptions {
  name?: string
  /** Host names and IPv4 addresses it is good for. */
  hosts?: readonly string[]
  /** Seconds from now. */
  from?: number
  until?: number
}

export interface TestAuthority extends TestCertificate {
  issue(options?: IssueOptions): TestCertificate
  /** A further authority below this one. */
  below(name: string): TestAuthority
}

const DAY = 86_400
const LOCAL = ['localhost', '127.0.0.1']
const ECDSA_SHA256 = der.sequence(der.oid('1.2.840.10045.4.3.2'))

/** A certificate authority of its own for a test: X.509 v3 (RFC 5280) on P-256, made here so that no tool has to be installed. */
export function createAuthority(name = 'Test authority'): TestAuthority {
  const key = newKey()
  return authority(
    name,
    key,
    build({ subject: name, issuer: name, key, signer: key, ca: true, from: -DAY, until: DAY }),
  )
}

/** A certificate that nobody vouches for. */
export function selfSigned({ name = 'self', hosts = LOCAL, from = -DAY, until = DAY }: IssueOptions = {}) {
  const key = newKey()
  return pair(build({ subject: name, issuer: name, key, signer: key, hosts, ca: false, from, until }), key)
}

function authority(name: string, signer: KeyObject, cert: string): TestAuthority {
  return {
    ...pair(cert, signer),
    issue({ name: subject = 'server', hosts = LOCAL, from = -DAY, until = DAY } = {}) {
      const key = newKey()
      return pair(build({ subject, issuer: name, key, signer, hosts, ca: false, from, until }), key)
    },
    below(subject) {
      const key = newKey()
      return authority(subject, key, build({ subject, issuer: name, key, signer, ca: true, from: -DAY, until: DAY }))
    },
  }
}

interface Content {
  subject: string
  issuer: string
  key: KeyObject
  signer: KeyObject
  ca: boolean
  hosts?: readonly string[]
  from: number
  until: number
}

function build({ subject, issuer, key, signer, ca, hosts = [], from, until }: Content): string {
  const content = der.sequence(
    der.context(0, der.integer(2)),
    der.integer(Buffer.concat([Buffer.from([0x01]), randomBytes(15)])),
    ECDSA_SHA256,
    nameOf(issuer),
    der.sequence(der.time(inSeconds(from)), der.time(inSeconds(until))),
    nameOf(subject),
    publicOf(key),
    der.context(3, der.sequence(...extensions(ca, hosts))),
  )
  const signature = der.bits(sign('sha256', content, signer))
  return pem('CERTIFICATE', der.sequence(content, ECDSA_SHA256, signature))
}

function extensions(ca: boolean, hosts: readonly string[]): Buffer[] {
  const basic = extension('2.5.29.19', der.sequence(...(ca ? [der.boolean(true)] : [])), true)
  if (ca) return [basic, extension('2.5.29.15', der.bits(Buffer.from([0x06]), 1), true)]
  return hosts.length === 0 ? [basic] : [basic, extension('2.5.29.17', der.sequence(...hosts.map(hostName)))]
}

function extension(id: string, value: Buffer, critical = false): Buffer {
  return der.sequence(der.oid(id), ...(critical ? [der.boolean(true)] : []), der.octets(value))
}

function hostName(host: string): Buffer {
  return isIP(host) === 4
    ? der.context(7, Buffer.from(host.split('.').map(Number)), false)
    : der.context(2, Buffer.from(host), false)
}

const nameOf = (common: string) => der.sequence(der.set(der.sequence(der.oid('2.5.4.3'), der.text(common))))
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000)
const newKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey

function publicOf(key: KeyObject): Buffer {
  const { x = '', y = '' } = key.export({ format: 'jwk' })
  const point = Buffer.concat([Buffer.from([0x04]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')])
  const curve = der.sequence(der.oid('1.2.840.10045.2.1'), der.oid('1.2.840.10045.3.1.7'))
  return der.sequence(curve, der.bits(point))
}

function pair(cert: string, key: KeyObject): TestCertificate {
  return { cert, key: String(key.export({ type: 'pkcs8', format: 'pem' })) }
}

function pem(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}

/** The same key behind a passphrase, as some tools write it. */
export function locked(key: string, passphrase: string): string {
  const options = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase } as const
  return String(createPrivateKey(key).export(options))
}
