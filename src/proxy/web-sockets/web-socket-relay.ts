import type { WebSocket } from 'ws'
import { closeCodes, codeOfFault, passOn } from './close-codes.ts'
import { keepAlive } from './keep-alive.ts'
import { passMessages, type Tally } from './pass-messages.ts'

export interface RelayLimits {
  /** What a client may send. */
  messages: { limit: number; window: number } | undefined
  /** Milliseconds. */
  pingMs: number
  /** Milliseconds; 0 means never. */
  idleMs: number
}

export interface RelayParts {
  client: WebSocket
  upstream: WebSocket
  limits: RelayLimits
  /** The client has sent a message. */
  onClientMessage: () => void
  /** Both sides are closed. */
  onClosed: (summary: Carried) => void
}

/** What a socket carried, `in` from its client, and the close code of whoever closed it first. */
export interface Carried {
  code: number
  messages: { in: number; out: number }
  bytes: { in: number; out: number }
}

export interface Relay {
  /** Nothing passes from now on; both sides are told, and cut off when they do not follow within a second. */
  end(code: number, reason: string): void
}

const CUT_OFF_MS = 1_000

/** Relays two open WebSockets message by message, and closes the one when the other closes. */
export function relayWebSocket({ client, upstream, limits, onClientMessage, onClosed }: RelayParts): Relay {
  const incoming: Tally = { messages: 0, bytes: 0 }
  const outgoing: Tally = { messages: 0, bytes: 0 }
  const isTooMuch = createMessageLimit(limits.messages)
  let code: number | undefined
  let open = 2

  function end(ownCode: number, reason: string): void {
    if (code !== undefined) return
    code = ownCode
    for (const side of [client, upstream]) {
      side.removeAllListeners('message')
      // A side that is not read would not be heard closing.
      side.resume()
    }
    client.close(ownCode, reason)
    upstream.close(closeCodes.goingAway)
    setTimeout(() => {
      client.terminate()
      upstream.terminate()
    }, CUT_OFF_MS).unref()
  }

  const alive = keepAlive({
    sides: [client, upstream],
    pingMs: limits.pingMs,
    idleMs: limits.idleMs,
    onIdle: () => end(closeCodes.goingAway, 'nothing was said for long'),
  })

  function fromClient(): void {
    alive.busy()
    if (isTooMuch()) end(closeCodes.policy, 'too many messages')
    else onClientMessage()
  }

  function follow(side: WebSocket, other: WebSocket, name: 'client' | 'upstream'): void {
    let fault: number | undefined
    side.on('error', (error) => {
      fault ??= codeOfFault(error)
    })
    side.on('close', (received: number, reason: Buffer) => {
      code ??= name === 'client' ? (fault ?? received) : (passOn(received, name) ?? received)
      other.resume()
      const told = passOn(received, name)
      if (told === undefined) other.close()
      else other.close(told, received === told ? reason : undefined)
      if (--open > 0) return
      alive.stop()
      onClosed({
        code,
        messages: { in: incoming.messages, out: outgoing.messages },
        bytes: { in: incoming.bytes, out: outgoing.bytes },
      })
    })
  }

  passMessages(client, upstream, incoming, fromClient)
  passMessages(upstream, client, outgoing, alive.busy)
  client.on('ping', () => {
    if (isTooMuch()) end(closeCodes.policy, 'too many messages')
  })
  follow(client, upstream, 'client')
  follow(upstream, client, 'upstream')
  upstream.resume()
  return { end }
}

/** Counts in windows that begin with a message; one call a message. */
function createMessageLimit(policy: RelayLimits['messages']): () => boolean {
  let beganAt = Number.NEGATIVE_INFINITY
  let count = 0
  return function isTooMuch() {
    if (policy === undefined) return false
    const now = performance.now()
    if (now - beganAt >= policy.window * 1000) {
      beganAt = now
      count = 0
    }
    return ++count > policy.limit
  }
}
