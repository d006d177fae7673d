import { rateLimit } from './rate-limit-settings.ts'
import { seconds, setting, wholeNumber } from './setting.ts'

const group = 'WebSockets'

export const websocketSettings = {
  WEBSOCKET_MAX: setting(wholeNumber(10_000, 1, 1_000_000, 'sockets'), {
    group,
    doc: 'WebSockets that one instance keeps open at once; further ones are 503.',
  }),
  WEBSOCKET_MAX_PER_CALLER: setting(wholeNumber(50, 1, 100_000, 'sockets'), {
    group,
    doc: 'WebSockets that one identity (or address, where nobody is known) keeps open at once at one instance; further ones are 429.',
  }),
  WEBSOCKET_MAX_MESSAGE: setting(wholeNumber(1_048_576, 1, 104_857_600, 'bytes'), {
    group,
    doc: 'Largest message in bytes, in either direction; a larger one closes the socket with 1009.',
  }),
  WEBSOCKET_MESSAGES: setting(rateLimit('200/1'), {
    group,
    doc: 'Messages that one client may send (`count/seconds`, or `off`), pings among them; more close its socket with 1008.',
  }),
  WEBSOCKET_PING_INTERVAL: setting(seconds(30, { min: 1, max: 3600 }), {
    group,
    doc: 'Seconds between pings to both sides; one that did not answer the last is cut off.',
  }),
  WEBSOCKET_IDLE_TIMEOUT: setting(seconds(1800), {
    group,
    doc: 'Seconds without a message in either direction after which a socket is closed with 1001; 0 means never. Pings are no messages.',
  }),
}
