import { Counter, Gauge, type Registry } from 'prom-client'

/** What is counted of WebSockets: by route and, where it ends, by close code. */
export function createSocketMetrics(registers: Registry[]) {
  const open = new Gauge({
    name: 'cloakroom_websockets_open',
    help: 'WebSockets that are open now',
    labelNames: ['route'],
    registers,
  })
  const closed = new Counter({
    name: 'cloakroom_websockets_closed_total',
    help: 'WebSockets that were closed, by close code; codes of applications as 3xxx and 4xxx',
    labelNames: ['route', 'code'],
    registers,
  })
  const messages = new Counter({
    name: 'cloakroom_websocket_messages_total',
    help: 'Messages of WebSockets that were closed; `in` came from clients',
    labelNames: ['route', 'direction'],
    registers,
  })
  return {
    opened(route: string) {
      open.inc({ route })
      return (code: number, carried: { in: number; out: number }) => {
        open.dec({ route })
        closed.inc({ route, code: labelOf(code) })
        messages.inc({ route, direction: 'in' }, carried.in)
        messages.inc({ route, direction: 'out' }, carried.out)
      }
    },
  }
}

/** Applications may choose among two thousand codes, so they share two labels; 4401 is ours. */
function labelOf(code: number): string {
  return code === 4401 || code < 3000 ? String(code) : `${Math.floor(code / 1000)}xxx`
}
