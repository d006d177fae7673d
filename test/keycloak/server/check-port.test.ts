import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect } from 'chai'
import { checkPort } from '../../../keycloak/server/check-port.ts'
import { failureOf } from './failure-of.ts'

describe('Starting a server looks at ports first', () => {
  it('and names one that is taken, with the option that changes it', async () => {
    const other = createServer()
    await once(other.listen(0, '127.0.0.1'), 'listening')
    const { port } = other.address() as AddressInfo
    expect(await failureOf(checkPort(port, '--port'))).to.match(/Port \d+ is in use by another program.*--port/)
    other.close()
    await once(other, 'close')
    await checkPort(port, '--port')
  })
})
