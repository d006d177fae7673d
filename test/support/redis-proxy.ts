import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** Stands between a gateway and its Redis. */
export interface RedisProxy {
  readonly port: number
  /** Changes what Redis answers, from now on; without a change everything passes as it is. */
  garble(change?: (answer: Buffer) => Buffer): void
  /** Milliseconds by which every answer comes later. */
  delay(milliseconds: number): void
  stop(): Promise<void>
}

export async function startRedisProxy(redisPort: number): Promise<RedisProxy> {
  const sockets = new Set<Socket>()
  let change: ((answer: Buffer) => Buffer) | undefined
  let late = 0
  const server = createServer((near) => {
    const far = connect(redisPort, '127.0.0.1')
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        sockets.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    near.on('data', (asked) => far.write(asked))
    far.on('data', (answer) => {
      const text = Buffer.isBuffer(answer) && change !== undefined ? change(answer) : answer
      if (late === 0) near.write(text)
      else setTimeout(() => near.writable && near.write(text), late)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    garble(newChange) {
      change = newChange
    },
    delay(milliseconds) {
      late = milliseconds
    },
    async stop() {
      server.close()
      for (const socket of sockets) socket.destroy()
      await once(server, 'close')
    },
  }
}
