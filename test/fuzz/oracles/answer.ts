import type { FuzzRequest } from '../fuzz-case.ts'
import type { FuzzWorld } from '../fuzz-world.ts'
import type { FuzzAnswer } from '../read-answers.ts'

const ON_EVERY_ANSWER = ['x-content-type-options', 'referrer-policy', 'x-frame-options', 'content-security-policy']
const ONCE = [
  'content-length',
  'content-type',
  'location',
  'x-request-id',
  'x-content-type-options',
  'access-control-allow-origin',
]
const NEVER = ['server', 'x-powered-by', 'strict-transport-security', 'keep-alive-x', 'x-user-id']

/** What is wrong with an answer, whichever request it answers. */
export function judgeAnswer(world: FuzzWorld, answer: FuzzAnswer, scripted: boolean): string[] {
  const { status, values, header } = answer
  const wrong: string[] = []
  const ownFault = status >= 500 && status < 600 && status !== 501
  if (ownFault && !scripted) wrong.push(`a ${status} of the gateway's own making`)
  if (status > 101) wrong.push(...judgeShield(answer))
  for (const name of ONCE) if (values(name).length > 1) wrong.push(`${name} ${values(name).length} times`)
  for (const name of NEVER) if (values(name).length > 0) wrong.push(`${name}: ${header(name)}`)
  if (values('content-length').length > 0 && values('transfer-encoding').length > 0) wrong.push('two framings')
  for (const cookie of values('set-cookie')) wrong.push(...judgeCookie(cookie, scripted))
  const location = header('location')
  if (location !== undefined && !scripted) wrong.push(...judgeLocation(world, location))
  const origin = header('access-control-allow-origin')
  if (origin !== undefined && origin !== 'https://spa.example') wrong.push(`readable for ${origin}`)
  return wrong.map((text) => `${text} — in ${answer.statusLine}`)
}

/** Every answer that went through the stations says how it may be used; the parser's own say that they are over. */
function judgeShield({ values, header }: FuzzAnswer): string[] {
  if (values('x-request-id').length === 0) {
    const short = header('connection') === 'close' && header('cache-control') === 'no-store'
    return short && header('content-length') === '0' ? [] : ['neither an answer of the parser nor of the stations']
  }
  return ON_EVERY_ANSWER.filter((name) => values(name).length === 0).map((name) => `no ${name}`)
}

export function judgeCookie(cookie: string, scripted: boolean): string[] {
  const own = /^[\s"]*(__host-|__secure-)*cloakroom/i.test(cookie)
  if (!own) return scripted ? [] : [`an unknown cookie: ${cookie.slice(0, 30)}`]
  if (scripted && /^cloakroom=evil/.test(cookie)) return ['an upstream set the own cookie']
  const attributes = cookie
    .toLowerCase()
    .split(';')
    .map((part) => part.trim())
  const sameSite = /^cloakroom-login-/.test(cookie)
    ? 'samesite=lax'
    : /^cloakroom=/.test(cookie)
      ? 'samesite=strict'
      : undefined
  const needed = ['path=/', 'httponly', ...(sameSite === undefined ? [] : [sameSite])]
  const missing = needed.filter((attribute) => !attributes.includes(attribute))
  const domain = attributes.filter((attribute) => attribute.startsWith('domain'))
  return [...missing.map((attribute) => `a cookie without ${attribute}`), ...domain]
}

function judgeLocation({ origin, issuer }: FuzzWorld, location: string): string[] {
  const to = URL.canParse(location, origin) ? new URL(location, origin).origin : 'nowhere'
  return [origin, new URL(issuer).origin].includes(to) ? [] : [`sends to ${location}`]
}

/** Whether an answer belongs to the request whose place it has. */
export function judgePlace(world: FuzzWorld, answer: FuzzAnswer, sent: FuzzRequest, number: number): string[] {
  const wrong: string[] = []
  const echo = answer.header('x-echo')
  if (echo !== undefined && echo !== String(number)) wrong.push(`the answer to ${echo} instead of ${number}`)
  if (answer.values('x-request-id').length === 0 && answer.status !== 408 && answer.status !== 413)
    wrong.push(`a ${answer.status} of the parser to a clear request`)
  if (/^\/(me|%6de|m%65)\?/.test(sent.target) && answer.status === 200 && sent.method === 'GET') {
    const { data } = JSON.parse(Buffer.from(answer.body, 'latin1').toString()) as { data: { user: { id: string } } }
    const who = sent.bearer?.who ?? sent.cookie?.who
    if (who === undefined || data.user.id !== world.people[who].sub) wrong.push('somebody else is /me')
  }
  return wrong.map((text) => `${text} — ${sent.method} ${sent.target} got ${answer.statusLine}`)
}
