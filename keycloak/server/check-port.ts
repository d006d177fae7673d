import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * Makes sure that a port can be used, so that a taken one is named before Keycloak spends half a minute on starting.
 *
 * @throws Error naming the port and the option that changes it.
 */
export async function checkPort(port: number, option: string): Promise<void> {
  const probe = createServer()
  try {
    await once(probe.listen({ port, host: '127.0.0.1' }), 'listening')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why = code === 'EADDRINUSE' ? 'is in use by another program' : `cannot be used (${code})`
    throw new Error(`Port ${port} ${why}; choose another one with ${option}.`)
  }
  probe.close()
  await once(probe, 'close')
}
