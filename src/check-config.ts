import { ConfigError } from './platform/config/config-error.ts'
import { loadConfig } from './platform/config/load-config.ts'

/** `npm run check-config`: validates the environment and the routes file, and exits 0 or 78. */
try {
  const { env, server, provider, routes, warnings } = loadConfig(process.env)
  process.stdout.write(`The configuration is valid (${env}).\n`)
  process.stdout.write(
    `  public address  ${server.publicUrl}\n  issuer          ${provider.issuer}\n  routes          ${routes.length}\n`,
  )
  for (const { id, path, upstream, auth } of routes) {
    process.stdout.write(`    ${id}: ${path} → ${upstream} (${auth === 'none' ? 'public' : auth.join(', ')})\n`)
  }
  for (const warning of warnings) process.stdout.write(`  note: ${warning}\n`)
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  process.stderr.write(`${error.message}\nEvery setting is explained in docs/configuration.md.\n`)
  process.exitCode = 78
}
