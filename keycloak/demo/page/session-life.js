import { call } from './gateway.js'

const byId = (id) => document.getElementById(id)

function spelled(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000))
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const pad = (number) => String(number).padStart(2, '0')
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(rest)} h left` : `${minutes}:${pad(rest)} min left`
}

/**
 * Shows both clocks of the session and counts them down.
 * @param onEnd called once when one of them has run out
 */
export function createSessionLife(onEnd) {
  const clocks = [
    { bar: byId('idle'), text: byId('idle-left'), member: 'idleExpiresAt', longest: 0, ends: 0 },
    { bar: byId('absolute'), text: byId('absolute-left'), member: 'absoluteExpiresAt', longest: 0, ends: 0 },
  ]
  let running = false

  function draw() {
    if (!running) return
    for (const clock of clocks) {
      const left = clock.ends - Date.now()
      clock.bar.value = clock.longest > 0 ? Math.max(0, left / clock.longest) : 0
      clock.text.textContent = spelled(left)
    }
    if (clocks.some((clock) => clock.ends <= Date.now())) {
      running = false
      onEnd()
    }
  }

  setInterval(draw, 1000)

  return {
    /** Asks the gateway, which does not wind the session up. */
    async look() {
      const { data } = await call('/session')
      for (const clock of clocks) {
        clock.ends = Date.parse(data[clock.member])
        clock.longest = Math.max(clock.longest, clock.ends - Date.now())
      }
      running = true
      draw()
    },
    stop() {
      running = false
    },
  }
}
