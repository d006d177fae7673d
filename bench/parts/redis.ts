import { connect } from 'node:net'
import { freePort } from './free-port.ts'
import { type Part, startPart } from './part.ts'

/** A Redis of the benchmark's own: nothing on disk, nobody else in it. */
export async function startRedis(folder: string, core: number): Promise<Part & { url: string }> {
  const port = await freePort()
  const part = await startPart({
    name: 'redis-server',
    core,
    command: [
      'redis-server',
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder],
      ...['--save', '', '--appendonly', 'no', '--daemonize', 'no'],
    ],
    isReady: () => answersPing(port),
  })
  return { ...part, url: `redis://127.0.0.1:${port}` }
}

function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'))
    socket.once('data', (answer) => {
      socket.destroy()
      resolve(answer.toString().startsWith('+PONG'))
    })
    socket.once('error', () => resolve(false))
  })
}
