/**
 * `node bench/permissions.ts`: what it costs to say what a caller may do by the token alone, which is asked at every
 * administrative request. Nothing of it is remembered: an answer costs less than looking it up would be worth.
 */
import { permissionFor } from '../src/access/administration.ts'
import { permissionsOf, type TokenHolder } from '../src/access/permissions.ts'

const ROUNDS = 200_000
const RUNS = 5
/** A tenth of a millisecond, the bound that is promised. */
const BOUND_NS = 100_000

const plain = { method: 'session', username: 'carol', scopes: ['openid', 'profile'] }
const manyRoles = Array.from({ length: 200 }, (_, at) => `client:shop-${at}:reader`)
const callers: Record<string, TokenHolder> = {
  'a customer': { ...plain, roles: ['realm:customer'] },
  'a user-admin': { ...plain, roles: ['realm:customer', 'realm:user-admin'] },
  'an administrator': { ...plain, roles: ['realm:customer', 'realm:admin'] },
  'an administrator with 200 other roles': { ...plain, roles: [...manyRoles, 'realm:admin'] },
  'a service client with 20 scopes': {
    ...{ method: 'bearer', username: 'service-account-robot', roles: ['realm:robot'] },
    scopes: Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? `admin:users.${at}` : `orders.${at}`)),
  },
}

/** Nanoseconds for one whole answer: which permission is needed, and is it held. */
function measure(caller: TokenHolder): number {
  let held = 0
  const started = process.hrtime.bigint()
  for (let round = 0; round < ROUNDS; round++) {
    const needed = permissionFor('GET', '/admin/users/7ee03d9c-79ad-47a5-893c-ec3f3e3b6408')
    if (needed !== undefined && permissionsOf(caller).has(needed)) held++
  }
  const spent = Number(process.hrtime.bigint() - started)
  if (held !== 0 && held !== ROUNDS) throw new Error('the same question was answered in two ways')
  return spent / ROUNDS
}

const median = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN

for (const [who, caller] of Object.entries(callers)) {
  const nanoseconds = median(Array.from({ length: RUNS }, () => measure(caller)))
  const share = ((nanoseconds / BOUND_NS) * 100).toFixed(1)
  process.stdout.write(`${who.padEnd(40)} ${nanoseconds.toFixed(0).padStart(7)} ns per answer, ${share} % of 0.1 ms\n`)
}
