import { createServer } from 'node:net'
import type { DemoSettings } from './settings.ts'

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}

/**
 * Looks before anything is started whether every port is free.
 * @throws naming each port that is taken, who needs it, and the variable that moves it
 */
export async function checkPorts(settings: DemoSettings): Promise<void> {
  const wanted = [
    { who: 'the gateway', variable: 'PORT', port: settings.port },
    { who: "the gateway's metrics page", variable: 'MANAGEMENT_PORT', port: settings.managementPort },
    ...(settings.keycloakUrl
      ? []
      : [{ who: 'the stand-in for Keycloak', variable: 'STAND_IN_PORT', port: settings.standInPort }]),
  ]
  const complaints: string[] = []
  for (const { who, variable, port } of wanted) {
    if (await isFree(port)) continue
    complaints.push(
      `Port ${port}, which ${who} needs, is taken. Stop the program that listens there, ` +
        `or choose another port: ${variable}=${port > 60_000 ? port - 1000 : port + 100} npm run demo`,
    )
  }
  if (complaints.length > 0) throw new Error(complaints.join('\n'))
}
