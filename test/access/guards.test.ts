import type { IncomingMessage } from 'node:http'
import { expect } from 'chai'
import type { Request, Response } from 'express'
import { createGuards, type Guard } from '../../src/access/guards.ts'
import type { Identity } from '../../src/identity/identity.ts'
import type { AcceptedMethods } from '../../src/identity/resolve-identity.ts'
import { GatewayError } from '../../src/platform/errors/gateway-error.ts'
import { fakeRequest } from '../edge/fake-request.ts'
import { the } from '../support/the.ts'

const alice: Identity = { method: 'bearer', ...the.caller(), issuer: 'x', tenant: null, accessToken: 't' }

/** Sends a request through a guard and answers every step that was taken, in order. */
async function through(
  pick: (guards: ReturnType<typeof createGuards>) => Guard,
  { forged = false, caller = alice as Identity | null, late = false } = {},
): Promise<string[]> {
  const steps: string[] = []
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
  })
  try {
    await pick(guards)(fakeRequest() as Request, {} as Response, (error?: unknown) => {
      steps.push(error === undefined ? 'passed' : 'failed')
    })
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    steps.push(error.code)
  }
  return steps
}

describe('a guard', () => {
  const bySession = (guards: ReturnType<typeof createGuards>) => guards.signedIn(['session'])

  for (const late of [false, true])
    it(`for callers that are signed in judges the origin, then who it is${late ? ', once that is known' : ''}`, async () => {
      expect(await through(bySession, { late })).to.deep.equal(['origin', 'identity by session', 'passed'])
    })

  it('never looks at who it is when the origin is foreign', async () => {
    expect(await through(bySession, { forged: true })).to.deep.equal(['origin', 'CSRF_REJECTED'])
    expect(await through(({ sameOrigin }) => sameOrigin, { forged: true })).to.deep.equal(['origin', 'CSRF_REJECTED'])
  })

  it('asks nobody to sign in, and lets nobody pass', async () => {
    const steps = await through(bySession, { caller: null })
    expect(steps).to.deep.equal(['origin', 'identity by session', 'asked to sign in'])
  })

  it('for a role lets in who has it, by session or bearer', async () => {
    const steps = await through(({ requireRole }) => requireRole('realm:customer'))
    expect(steps).to.deep.equal(['origin', 'identity by session or bearer', 'passed'])
  })

  it('for a role keeps out who has another', async () => {
    const steps = await through(({ requireRole }) => requireRole('realm:admin'))
    expect(steps).to.deep.equal(['origin', 'identity by session or bearer', 'INSUFFICIENT_PERMISSIONS'])
  })

  it('can ask for more than a role', async () => {
    const asked = (scopes: string[]) => through(({ signedIn }) => signedIn(['bearer'], { scopes }))
    expect((await asked(['orders.read'])).at(-1)).to.equal('passed')
    expect((await asked(['orders.write'])).at(-1)).to.equal('INSUFFICIENT_PERMISSIONS')
  })

  it('for what looks at the session itself judges the origin and nothing else', async () => {
    expect(await through(({ sameOrigin }) => sameOrigin)).to.deep.equal(['origin', 'passed'])
  })

  it('for anyone is a decision that is written out, and judges nothing', async () => {
    expect(await through(({ anyone }) => anyone, { forged: true, caller: null })).to.deep.equal(['passed'])
  })

  it('has a name that tells what it asks', async () => {
    const names: string[] = []
    await through((guards) => {
      const { anyone, sameOrigin, signedIn, requireRole } = guards
      for (const { guard } of [anyone, sameOrigin, signedIn(['session', 'bearer']), requireRole('realm:admin')])
        names.push(guard)
      return anyone
    })
    expect(names).to.deep.equal(['anyone', 'same origin', 'signed in by session or bearer', 'role realm:admin'])
  })
})
