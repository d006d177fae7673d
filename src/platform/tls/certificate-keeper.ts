import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { readTlsMaterial, type TlsFiles, type TlsMaterial, type TlsProblem } from './tls-material.ts'

export interface CertificateReports {
  /** New material is in use; also at the beginning. @param expiresAt milliseconds since 1970; undefined without an own certificate */
  inUse(name: string, expiresAt: number | undefined, isNew: boolean): void
  /** What the files say now cannot be used: the former stays. */
  refused(name: string, problems: readonly TlsProblem[]): void
}

export interface CertificateKeeperParts {
  now: () => number
  /** Milliseconds between two looks at the files. */
  everyMs: number
  reports: CertificateReports
}

export interface CertificateKeeper {
  /**
   * Reads the files now, and tells when they have changed and are good.
   * @param name what logs and metrics call it
   * @throws Error when the files are not good from the beginning
   */
  keep(name: string, files: TlsFiles, onChange: (material: TlsMaterial) => void): TlsMaterial
  stop(): void
}

interface Kept {
  name: string
  files: TlsFiles
  onChange: (material: TlsMaterial) => void
  /** What was acted upon last, and what the last look saw. */
  done: string
  seen: string
}

/**
 * Certificates that are replaced while the gateway runs. The content is compared, not the time of the files, because
 * renewals swap links as often as files. A change counts when two looks see the same: a certificate and its key are two
 * files, and are not written in one moment.
 */
export function createCertificateKeeper({ now, everyMs, reports }: CertificateKeeperParts): CertificateKeeper {
  const all: Kept[] = []
  let looking = false
  const timer = setInterval(() => {
    if (looking) return
    looking = true
    void lookAtAll().finally(() => {
      looking = false
    })
  }, everyMs).unref()

  async function lookAtAll(): Promise<void> {
    for (const kept of all) await lookAt(kept)
  }

  async function lookAt(kept: Kept): Promise<void> {
    const texts = await textsOf(kept.files)
    const seen = JSON.stringify([...texts])
    const settled = seen === kept.seen
    kept.seen = seen
    if (!settled || seen === kept.done) return
    kept.done = seen
    const { material, problems } = readTlsMaterial(kept.files, (path) => textAt(texts, path), now())
    if (problems.length > 0) return reports.refused(kept.name, problems)
    kept.onChange(material)
    reports.inUse(kept.name, material.expiresAt, true)
  }

  return {
    keep(name, files, onChange) {
      const texts = new Map<string, Text>()
      const { material, problems } = readTlsMaterial(files, (path) => remember(texts, path), now())
      const [first] = problems
      if (first !== undefined) throw new Error(`${name}: ${first.file} ${first.what}`)
      const seen = JSON.stringify([...texts])
      all.push({ name, files, onChange, done: seen, seen })
      reports.inUse(name, material.expiresAt, false)
      return material
    },
    stop: () => clearInterval(timer),
  }
}

/** What a file says, or why it cannot be read. */
type Text = { text: string } | { code: string }

function remember(texts: Map<string, Text>, path: string): string {
  const text = readFileSync(path, 'utf8')
  texts.set(path, { text })
  return text
}

async function textsOf(files: TlsFiles): Promise<Map<string, Text>> {
  const texts = new Map<string, Text>()
  for (const path of [files.ca, files.cert, files.key]) {
    if (path === undefined) continue
    try {
      texts.set(path, { text: await readFile(path, 'utf8') })
    } catch (error) {
      texts.set(path, { code: (error as NodeJS.ErrnoException).code ?? 'error' })
    }
  }
  return texts
}

function textAt(texts: ReadonlyMap<string, Text>, path: string): string {
  const found = texts.get(path) ?? { code: 'ENOENT' }
  if ('text' in found) return found.text
  throw Object.assign(new Error('cannot be read'), { code: found.code })
}
