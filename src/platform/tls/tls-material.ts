import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'

/** Paths of PEM files. */
export interface TlsFiles {
  readonly ca?: string | undefined
  readonly cert?: string | undefined
  readonly key?: string | undefined
}

/** What is in them, checked. */
export interface TlsMaterial {
  readonly ca: string | undefined
  readonly cert: string | undefined
  readonly key: string | undefined
  /** Milliseconds since 1970 at which the first certificate of the own chain ends. */
  readonly expiresAt: number | undefined
}

export interface TlsProblem {
  readonly file: keyof TlsFiles
  /** What is wrong and how to mend it; names the path, never the content. */
  readonly what: string
}

type Read = (path: string) => string

/** Reads and checks certificates and keys; answers everything that is wrong with them at once. @param now milliseconds since 1970 */
export function readTlsMaterial(
  files: TlsFiles,
  read: Read,
  now: number,
): { material: TlsMaterial; problems: TlsProblem[] } {
  const problems: TlsProblem[] = []
  const textOf = (file: keyof TlsFiles): string | undefined => {
    const path = files[file]
    if (path === undefined) return undefined
    try {
      return read(path)
    } catch (error) {
      const why = (error as NodeJS.ErrnoException).code ?? 'error'
      problems.push({
        file,
        what: `names ${path}, which cannot be read (${why}). Correct the path or the permissions.`,
      })
      return undefined
    }
  }
  const attempt = <T>(file: keyof TlsFiles, step: () => T): T | undefined => {
    try {
      return step()
    } catch (error) {
      problems.push({ file, what: `names ${files[file]}, which ${(error as Error).message}.` })
      return undefined
    }
  }
  const [ca, cert, key] = [textOf('ca'), textOf('cert'), textOf('key')]
  if (ca !== undefined) attempt('ca', () => checkBundle(certificatesIn(ca), now))
  const chain = cert === undefined ? undefined : attempt('cert', () => checkChain(certificatesIn(cert), now))
  const secret = key === undefined ? undefined : attempt('key', () => privateKeyIn(key))
  const own = chain?.[0]
  if (own !== undefined && secret !== undefined) attempt('key', () => checkPair(own, secret))
  const expiresAt = chain === undefined ? undefined : Math.min(...chain.map(endOf))
  return { material: { ca, cert, key, expiresAt }, problems }
}

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

function certificatesIn(pem: string): X509Certificate[] {
  const found = pem.match(PEM_CERTIFICATE) ?? []
  if (found.length === 0) throw new Error('holds no certificate in PEM format (BEGIN CERTIFICATE)')
  return found.map((text, at) => {
    try {
      return new X509Certificate(text)
    } catch {
      throw new Error(`holds a certificate that cannot be read (number ${at + 1})`)
    }
  })
}

function checkChain(chain: X509Certificate[], now: number): X509Certificate[] {
  for (const certificate of chain) {
    const which = certificate === chain[0] ? 'the certificate' : 'an intermediate certificate'
    if (endOf(certificate) <= now)
      throw new Error(`has expired: ${which} was good until ${day(endOf(certificate))}; renew it`)
    if (startOf(certificate) > now)
      throw new Error(`is not valid yet: ${which} begins on ${day(startOf(certificate))}; check the clock`)
  }
  return chain
}

/** Bundles often carry an authority whose time is over; one that is good is enough to begin with. */
function checkBundle(bundle: readonly X509Certificate[], now: number): void {
  if (bundle.every((certificate) => endOf(certificate) <= now))
    throw new Error('holds only authorities that have expired; put the present ones in')
}

function privateKeyIn(pem: string): KeyObject {
  if (/ENCRYPTED/.test(pem))
    throw new Error('holds a key behind a passphrase; store it without one, readable for the gateway alone')
  try {
    return createPrivateKey(pem)
  } catch {
    throw new Error('holds no private key in PEM format (BEGIN PRIVATE KEY)')
  }
}

function checkPair(certificate: X509Certificate, key: KeyObject): void {
  if (!certificate.checkPrivateKey(key))
    throw new Error('holds a key that does not fit the certificate; put in the two that belong together')
}

const endOf = (certificate: X509Certificate) => Date.parse(certificate.validTo)
const startOf = (certificate: X509Certificate) => Date.parse(certificate.validFrom)
const day = (time: number) => new Date(time).toISOString().slice(0, 10)
