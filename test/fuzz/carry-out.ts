import { converse } from './converse.ts'
import { type Conversation, type FuzzRequest, isClear } from './fuzz-case.ts'
import type { FuzzWorld } from './fuzz-world.ts'
import { judgeAnswer, judgePlace } from './oracles/answer.ts'
import { judgeArrival } from './oracles/arrival.ts'
import { readAnswers } from './read-answers.ts'
import { bodyOf, writeRequest } from './write-request.ts'

const REMEMBERED = 400

/** Carries out conversations one after the other and says what was wrong with each. */
export function createCarryOut(world: FuzzWorld) {
  const sent = new Map<string, FuzzRequest>()
  let last = 0

  function note(request: FuzzRequest): number {
    last++
    sent.set(String(last), request)
    sent.delete(String(last - REMEMBERED))
    return last
  }

  function judgeArrivals(clear: boolean): string[] {
    return world.upstream.take().flatMap((arrived) => {
      const number = /[?&]fz=(\w+)$/.exec(arrived.target)?.[1] ?? ''
      if (number === 'inside') return clear ? ['a body was taken for a request'] : []
      const request = sent.get(number)
      if (request === undefined) return [`nobody sent ${arrived.method} ${arrived.target.slice(0, 200)}`]
      const leaked = world.canaries.findIn(withoutAuthorization(arrived.rawHeaders))
      const whole = bodyOf(request, Number(number), world.meaning)
      const changed = isClear(request) && arrived.body !== undefined && whole !== undefined && arrived.body !== whole
      return [
        ...judgeArrival(world, arrived, request),
        ...(leaked === undefined ? [] : ['a secret went upstream']),
        ...(changed ? [`the body of ${number} was changed on the way`] : []),
      ]
    })
  }

  function judgeAnswers(requests: readonly FuzzRequest[], first: number, bytes: Buffer): string[] {
    const { answers } = readAnswers(
      bytes,
      requests.map(({ method }) => method),
    )
    const sure = requests.findIndex((request) => !isClear(request))
    const scripted = requests.some(({ answer }) => answer !== null)
    return answers.flatMap((answer, i) => {
      const request = requests[i]
      const known = request !== undefined && (sure < 0 || i < sure)
      const wrong = judgeAnswer(world, answer, known ? request.answer !== null : scripted)
      return known ? [...wrong, ...judgePlace(world, answer, request, first + i)] : wrong
    })
  }

  return async function carryOut({ requests, cuts, leaves, frames }: Conversation): Promise<string[]> {
    const first = last + 1
    const written = requests.map((request) => writeRequest(request, note(request), world.meaning))
    const farewell = requests.every(isClear) && frames.length === 0 ? [goodbye(world)] : []
    const bytes = Buffer.concat([...written, ...farewell])
    const at = [...new Set(cuts.map((cut) => Math.floor((bytes.length * cut) / 1_000)))].sort((a, b) => a - b)
    const pieces = [0, ...at].map((from, i) => bytes.subarray(from, at[i] ?? bytes.length))
    const said = frames.map((text) => Buffer.from(text, 'latin1'))
    const heard = await converse(world.port, { pieces, frames: said, leaves, endsItself: farewell.length > 0 })
    // The one place for an ID token outside: the hint for the provider's sign-out page.
    const leaked = world.canaries.findIn(heard.bytes.toString('latin1').replace(/id_token_hint=[\w.-]+/g, ''))
    const wrong = [
      ...(heard.hung ? ['the connection was never let go'] : []),
      ...(leaked === undefined ? [] : [`a secret was answered: ${leaked.slice(0, 8)}…`]),
      ...judgeAnswers(requests, first, heard.bytes),
      ...judgeArrivals(requests.every(isClear)),
    ]
    if (requests.some(({ target }) => target.includes('logout'))) await world.signInAgain()
    return [...wrong, ...(await judgeProcess(world))]
  }
}

/** The gateway lives, nothing went wrong behind its back, and its log keeps secrets. */
export async function judgeProcess(world: FuzzWorld): Promise<string[]> {
  const pulse = await converse(world.port, {
    pieces: [goodbye(world)],
    frames: [],
    leaves: 'at the end',
    endsItself: true,
  })
  const leaked = world.canaries.findIn(world.takeLog())
  return [
    ...(pulse.bytes.toString('latin1').startsWith('HTTP/1.1 200 ') ? [] : ['/health is not answered']),
    ...world.takeCrashes().map((text) => `nobody caught ${text.slice(0, 600)}`),
    ...(leaked === undefined ? [] : ['a secret was logged']),
  ]
}

/** After this answer the gateway closes the connection by itself. */
function goodbye({ meaning }: FuzzWorld): Buffer {
  return Buffer.from(`GET /health HTTP/1.1\r\nHost: ${meaning.host}\r\nConnection: close\r\n\r\n`)
}

function withoutAuthorization(rawHeaders: readonly string[]): string {
  return rawHeaders.filter((_, i) => rawHeaders[i - (i % 2)]?.toLowerCase() !== 'authorization').join('\n')
}
