import type { WebSocket } from 'ws'

export interface KeepAliveParts {
  sides: readonly WebSocket[]
  /** Milliseconds. */
  pingMs: number
  /** Milliseconds without a message; 0 means never. */
  idleMs: number
  onIdle: () => void
}

/** Cuts off a side that does not answer pings, and tells when nobody has said anything for long. */
export function keepAlive({ sides, pingMs, idleMs, onIdle }: KeepAliveParts) {
  const silent = new Set<WebSocket>()
  for (const side of sides) {
    const heard = () => void silent.delete(side)
    side.on('pong', heard)
    side.on('ping', heard)
    side.on('message', heard)
  }
  const beat = setInterval(() => {
    for (const side of sides) {
      // Who is not read at the moment cannot be heard.
      if (side.isPaused || side.readyState !== side.OPEN) silent.delete(side)
      else if (silent.has(side)) side.terminate()
      else {
        silent.add(side)
        side.ping()
      }
    }
  }, pingMs).unref()
  const idle = idleMs === 0 ? undefined : setTimeout(onIdle, idleMs).unref()

  return {
    /** A message has passed. */
    busy: () => void idle?.refresh(),
    stop() {
      clearInterval(beat)
      clearTimeout(idle)
    },
  }
}
