import { runCommand } from './run-command.ts'

/**
 * Makes sure that a Java runtime Keycloak 26 can use is there.
 *
 * @throws Error when there is none, or one older than 17.
 */
export async function checkJava(env: Readonly<Record<string, string | undefined>>): Promise<void> {
  const program = env.JAVA || (env.JAVA_HOME ? `${env.JAVA_HOME}/bin/java` : 'java')
  const howToGet = 'Keycloak needs Java 17 or newer (Debian and Ubuntu: apt-get install openjdk-17-jre-headless).'
  const output = await runCommand({ program, args: ['-version'], howToGet })
  const version = Number(/version "(\d+)/.exec(output)?.[1] ?? 0)
  if (version < 17) throw new Error(`Java ${version || 'of an unknown version'} is too old. ${howToGet}`)
}
