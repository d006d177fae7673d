import type { GatewayUnderTest } from '../../support/gateway.ts'
import type { RawConnection } from '../../support/raw-client.ts'
import { rawClient } from '../../support/raw-client.ts'
import type { WebSocketWorld } from '../web-sockets/websocket-world.ts'

export interface LiveStream {
  connection: RawConnection
  /** Resolves when it has ended, and whether it was whole. */
  ended(): Promise<'whole' | 'broken off'>
}

/** Opens an answer that never ends by itself, and comes back when its beginning is there. */
export async function openStream(
  { gateway, upstream }: WebSocketWorld,
  headers: Record<string, string>,
  { at = gateway, type = 'text/event-stream', target = '/live/stream' } = {} as {
    at?: GatewayUnderTest
    type?: string
    target?: string
  },
): Promise<LiveStream> {
  upstream.plainly(target, (_req, res) => {
    res.writeHead(200, { 'Content-Type': type })
    res.write('data: hello\n\n')
  })
  const connection = await rawClient(at.port, new URL(gateway.url).host).connect()
  connection.send({ target, headers })
  await connection.until('data: hello\n\n')
  return {
    connection,
    ended: async () => ((await connection.rest()).includes('0\r\n\r\n') ? 'whole' : 'broken off'),
  }
}

/** Signs out as a page does. */
export async function signOut(gateway: GatewayUnderTest, session: { Cookie: string; Origin: string }): Promise<number> {
  const { status } = await rawClient(gateway.port, new URL(session.Origin).host).ask({
    method: 'POST',
    target: '/logout',
    headers: { ...session, 'X-CSRF': '1' },
  })
  return status
}
