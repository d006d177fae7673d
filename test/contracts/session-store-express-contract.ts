import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import express, { type Request, type Response } from 'express'
import { createSessionCookie } from '../../src/identity/session/session-cookie.ts'
import { createSessionLoader } from '../../src/login/session-middleware.ts'
import { createBrowser } from '../support/browser.ts'
import { the } from '../support/the.ts'
import type { StoreWorld } from './store-world.ts'

const SECRETS = ['the-cookie-secret-of-the-tests-the-cookie-secret']

/** What express-session itself makes of a store: new ids, endings, requests that come late. */
export function throughExpressContract(world: () => StoreWorld): void {
  describe('through express-session itself', () => {
    let server: Server
    let url: string
    let late: PromiseWithResolvers<void>
    let arrived: PromiseWithResolvers<void>
    beforeEach(async () => {
      late = Promise.withResolvers()
      arrived = Promise.withResolvers()
      server = createServer(exchange(world(), late.promise, arrived.resolve)).listen(0, '127.0.0.1')
      await once(server, 'listening')
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    })
    afterEach(() => {
      server.closeAllConnections()
      server.close()
    })
    const idAt = async (browser: ReturnType<typeof createBrowser>, path: string) =>
      (await browser.fetch(url + path, { method: 'POST' })).body

    it('a login makes a session under an id of its own, and the former one is gone', async () => {
      const browser = createBrowser()
      const first = await idAt(browser, '/in')
      expect(await world().store.read(first)).to.deep.include({ id: first, tokens: the.tokens(world().clock.now()) })
      const second = await idAt(browser, '/in')
      expect(second).not.to.equal(first)
      expect(await world().store.read(first)).to.equal(undefined)
      expect(await world().store.read(second)).not.to.equal(undefined)
    })

    it('visitors leave nothing behind, whatever cookie they bring', async () => {
      const browser = createBrowser()
      const site = { sameSite: true, topLevelNavigation: true, method: 'GET' }
      browser.jar.store(url, 'cloakroom=s%3Aplanted.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA; Path=/', site)
      const id = await idAt(browser, '/look')
      expect(id).not.to.equal('planted')
      expect(await world().store.read(id)).to.equal(undefined)
      expect(await world().store.read('planted')).to.equal(undefined)
    })

    it('a request that was on its way while the session ended does not bring it back', async () => {
      const browser = createBrowser()
      const id = await idAt(browser, '/in')
      const slow = idAt(browser, '/late')
      await arrived.promise
      await world().store.destroy(id)
      late.resolve()
      expect(await slow).to.equal(id)
      expect(await world().store.read(id)).to.equal(undefined)
      expect(await idAt(browser, '/look')).not.to.equal(id)
    })
  })
}

function exchange({ store, clock }: StoreWorld, late: Promise<void>, arrived: () => void) {
  const cookie = createSessionCookie({ publicUrl: 'http://127.0.0.1', secrets: SECRETS })
  const load = createSessionLoader({ store, cookie, secrets: SECRETS, sameSite: 'strict' })
  const app = express()
  const end = (req: Request, res: Response) => void res.type('text').send(req.sessionID)

  app.post('/look', async (req, res) => {
    await load(req, res)
    end(req, res)
  })
  app.post('/in', async (req, res) => {
    await load(req, res)
    await new Promise<void>((resolve) => void req.session.regenerate(() => resolve()))
    await store.addTokens(req.sessionID, the.tokens(clock.now()))
    req.session.record = the.record(clock.now())
    await new Promise<void>((resolve) => void req.session.save(() => resolve()))
    end(req, res)
  })
  app.post('/late', async (req, res) => {
    await load(req, res)
    arrived()
    await late
    req.session.record = the.record(clock.now(), { tenant: 'changed' })
    end(req, res)
  })
  return app
}
