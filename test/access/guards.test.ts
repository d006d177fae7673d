import type { IncomingMessage } from 'node:http'
import { expect } from 'chai'
import type { Request, RequestHandler, Response } from 'express'
import { createGuards, type Guard } from '../../src/access/guards.ts'
import type { Identity } from '../../src/identity/identity.ts'
import type { AcceptedMethods } from '../../src/identity/resolve-identity.ts'
import { GatewayError } from '../../src/platform/errors/gateway-error.ts'
import { fakeRequest } from '../edge/fake-request.ts'
import { the } from '../support/the.ts'

const alice: Identity = { method: 'bearer', ...the.caller(), issuer: 'x', tenant: null, accessToken: 't' }

/** Sends a request through a guard and answers every step that was taken, in order. */
async function through(
  pick: (guards: ReturnType<typeof createGuards>, limit: RequestHandler) => Guard,
  { forged = false, caller = alice as Identity | null, late = false, tooMany = false } = {},
): Promise<string[]> {
  const steps: string[] = []
  const limit: RequestHandler = (_req, _res, next) => {
    steps.push('counted')
    next(tooMany ? new GatewayError('RATE_LIMITED') : undefined)
  }
  const guards = createGuards({
    checkCsrf() {
      steps.push('origin')
      if (forged) throw new GatewayError('CSRF_REJECTED')
    },
    resolveIdentity(_req: IncomingMessage, accepted: AcceptedMethods) {
      steps.push(`identity by ${accepted.join(' or ')}`)
      const found = caller ?? undefined
      return late ? Promise.resolve(found) : found
    },
    askToSignIn: () => void steps.push('asked to sign in'),
    turnstile(go) {
      steps.push('in turn')
      go()
    },
  })
  try {
    await pick(guards, limit)(fakeRequest() as Request, {} as Response, (error?: unknown) => {
      steps.push(error === undefined ? 'passed' : 'failed')
    })
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    steps.push(error.code)
  }
  return steps
}

describe('a guard', () => {
  const bySession = (guards: ReturnType<typeof createGuards>, limit: RequestHandler) =>
    guards.signedIn(['session'], limit)

  for (const late of [false, true])
    it(`for callers that are signed in judges the origin, then who it is${late ? ', once that is known' : ''}`, async () => {
      expect(await through(bySession, { late })).to.deep.equal([
        'origin',
        'identity by session',
        'counted',
        'in turn',
        'passed',
      ])
    })

  it('never looks at who it is when the origin is foreign', async () => {
    expect(await through(bySession, { forged: true })).to.deep.equal(['origin', 'CSRF_REJECTED'])
    expect(await through(({ sameOrigin }) => sameOrigin, { forged: true })).to.deep.equal(['origin', 'CSRF_REJECTED'])
  })

  it('asks nobody to sign in, and lets nobody pass', async () => {
    const steps = await through(bySession, { caller: null })
    expect(steps).to.deep.equal(['origin', 'identity by session', 'counted', 'asked to sign in'])
  })

  it('sends those away who come too often, whether they are signed in or not', async () => {
    for (const caller of [alice, null]) {
      const steps = await through(bySession, { caller, tooMany: true })
      expect(steps).to.deep.equal(['origin', 'identity by session', 'counted', 'RATE_LIMITED'])
    }
  })

  it('for what looks at the session itself judges the origin and nothing else', async () => {
    expect(await through(({ sameOrigin }) => sameOrigin)).to.deep.equal(['origin', 'passed'])
  })

  it('for anyone is a decision that is written out, and judges nothing', async () => {
    expect(await through(({ anyone }) => anyone, { forged: true, caller: null })).to.deep.equal(['passed'])
  })

  it('has a name that tells what it asks', async () => {
    const names: string[] = []
    await through((guards, limit) => {
      const { anyone, sameOrigin, signedIn, administration } = guards
      const administrator = administration('/api/v1', limit)
      for (const { guard } of [anyone, sameOrigin, signedIn(['session', 'bearer'], limit), administrator])
        names.push(guard)
      return anyone
    })
    expect(names).to.deep.equal(['anyone', 'same origin', 'signed in by session or bearer', 'administration'])
  })
})
