import { type ClientHttp2Session, connect } from 'node:http2'
import type { TLSSocket } from 'node:tls'
import type { Http2Call } from './http2-call.ts'
import { exchangeOverHttp2 } from './http2-exchange.ts'

/** A connection with its streams. */
export interface Http2Seats {
  readonly running: number
  /** Whether another request can be sent now. */
  isFree(): boolean
  /** Nothing can be sent any more, and nothing is under way. */
  isGone(): boolean
  /** @throws when the session takes no more; the call may go elsewhere */
  take(call: Http2Call): void
  /** Takes nothing any more and closes after the last answer. */
  retire(): void
}

export interface Http2SessionEvents {
  /** A place is free, or the session is gone. */
  changed(): void
  refused(call: Http2Call): void
}

const MAX_STREAMS = 100
/** Bytes that may come before somebody has read them: of one answer, and of all together. */
const WINDOW = 262_144
const CONNECTION_WINDOW = 1_048_576
/** Milliseconds: an idle connection is kept as long as one of HTTP/1.1; a ping has to come back within the other. */
const IDLE_MS = 4_000
const PING_MS = 2_000

/** Speaks HTTP/2 on a connection that has agreed to it. Resolves when the other side has told its settings (RFC 9113 section 3.4). */
export function openHttp2Session(socket: TLSSocket, origin: URL, events: Http2SessionEvents): Promise<Http2Seats> {
  const session = connect(origin, {
    createConnection: () => socket,
    settings: { enablePush: false, initialWindowSize: WINDOW },
    maxReservedRemoteStreams: 0,
    // What a client says twice reaches the upstream twice, as in HTTP/1.1. Node's types do not know it yet.
    ...{ strictSingleValueFields: false },
  })
  // After an alert of TLS the session would wait for an end of the connection that never comes.
  socket.on('error', () => socket.destroy())
  let limit = MAX_STREAMS
  let running = 0
  let retired = false
  const retire = () => {
    if (retired) return
    retired = true
    session.close()
    events.changed()
  }
  const idle = setTimeout(() => running === 0 && retire(), IDLE_MS).unref()
  const over = () => {
    running--
    if (running === 0) idle.refresh()
    events.changed()
  }

  session.on('goaway', retire)
  session.on('close', retire)
  session.on('remoteSettings', ({ maxConcurrentStreams = MAX_STREAMS }) => {
    limit = Math.min(maxConcurrentStreams, MAX_STREAMS)
    events.changed()
  })
  const seats: Http2Seats = {
    get running() {
      return running
    },
    isFree: () => !retired && !session.destroyed && running < limit,
    isGone: () => (retired || session.destroyed) && running === 0,
    take(call) {
      exchangeOverHttp2(session, origin, call, { over, refused: events.refused, silent: () => probe(session) })
      running++
    },
    retire,
  }
  return untilSettings(session).then(() => seats)
}

async function untilSettings(session: ClientHttp2Session): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  // Without a listener an error would be nobody's; each stream is told of it by itself.
  session.on('error', reject)
  session.once('close', () => reject(new Error('the connection was closed before HTTP/2 began')))
  session.once('remoteSettings', () => {
    session.setLocalWindowSize(CONNECTION_WINDOW)
    resolve()
  })
  const late = setTimeout(() => session.destroy(new Error('no HTTP/2 settings came')), PING_MS)
  try {
    await promise
  } finally {
    clearTimeout(late)
  }
}

/** A stream timed out: either it alone is slow, or the connection is dead, and then nobody else should wait for it. */
function probe(session: ClientHttp2Session): void {
  if (session.closed || session.destroyed) return
  const late = setTimeout(() => session.destroy(new Error('the connection does not answer')), PING_MS).unref()
  session.ping(() => clearTimeout(late))
}
