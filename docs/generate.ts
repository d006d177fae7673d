import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { administrationPage } from './generators/administration-page.ts'
import { apiPage } from './generators/api-page.ts'
import { configurationPage } from './generators/configuration-page.ts'
import { envExample } from './generators/env-example.ts'
import { errorCodesPage } from './generators/error-codes-page.ts'
import { metricsPage } from './generators/metrics-page.ts'
import { securityTestsPage } from './generators/security-tests-page.ts'

/** Every generated file and what it is made from; `npm run docs` writes them, `--check` only compares. */
const FILES: Record<string, () => string | Promise<string>> = {
  'docs/configuration.md': configurationPage,
  '.env.example': envExample,
  'docs/error-codes.md': errorCodesPage,
  'docs/metrics.md': metricsPage,
  'docs/api.md': apiPage,
  'docs/administration.md': administrationPage,
  'docs/security-tests.md': securityTestsPage,
}

const check = process.argv.includes('--check')
const root = new URL('../', import.meta.url)
let stale = 0
for (const [name, make] of Object.entries(FILES)) {
  const path = new URL(name, root)
  const text = await make()
  const same = existsSync(path) && readFileSync(path, 'utf8') === text
  if (same) continue
  if (check) {
    stale++
    process.stderr.write(`${name} is not what \`npm run docs\` makes of the source.\n`)
  } else {
    writeFileSync(path, text)
    process.stdout.write(`written: ${name}\n`)
  }
}
process.exitCode = stale > 0 ? 1 : 0
