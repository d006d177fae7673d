import { expect } from 'chai'
import { createBrowser } from '../support/browser.ts'
import { findKeycloak } from '../support/parts.ts'
import { type Act, acts } from './world/realm-acts.ts'
import { sharedProvider } from './world/shared.ts'
import { createWorld, eventually, type World } from './world/world.ts'

interface Case {
  what: string
  /** How the person comes to be a customer; default: the role is given. */
  before?: Act
  act: Act
  /** What the page gets afterwards: no session any more, or a session without the role. */
  status: 401 | 403
  /** Whether it ends the sessions of everybody else too. */
  everybody?: boolean
  /** Whether the person's bearer tokens end with it. */
  bearer?: boolean
}

const cases: Case[] = [
  { what: 'is disabled', act: acts.disable, status: 401, bearer: true },
  { what: 'is deleted', act: acts.remove, status: 401, bearer: true },
  { what: 'gets a new password from an administrator', act: acts.resetPassword, status: 401, bearer: true },
  { what: 'gets a new password together with other changes', act: acts.putPassword, status: 401, bearer: true },
  { what: 'is signed out by an administrator', act: acts.signOut, status: 401, bearer: true },
  { what: 'has a session deleted', act: acts.endSessions, status: 401 },
  { what: 'loses a role', act: acts.takeRole, status: 403 },
  { what: 'leaves a group', before: acts.joinGroup, act: acts.leaveGroup, status: 403 },
  { what: 'is in a group that loses a role', before: acts.joinGroup, act: acts.takeRoleFromGroup, status: 403 },
  { what: 'has a role that loses another', before: acts.giveComposite, act: acts.takeFromComposite, status: 403 },
  { what: 'is signed out with everybody', act: acts.signOutEverybody, status: 401, everybody: true, bearer: true },
  {
    what: 'is in a realm with a not-before',
    act: acts.setNotBeforeOfRealm,
    status: 401,
    everybody: true,
    bearer: true,
  },
  { what: 'uses a client with a not-before', act: acts.setNotBeforeOfClient, status: 401, everybody: true },
]

/** Far more than the interval of 2 s: the machine may be busy. */
const PATIENCE_MS = 25_000
let people = 0

for (const name of ['stand-in', 'keycloak'] as const) {
  describe(`Whoever loses access at the provider loses it here, with no message sent (${name})`, () => {
    let world: World
    before(async function () {
      if (name === 'keycloak' && findKeycloak(process.env) === undefined) this.skip()
      world = await startWorld(name)
    })
    after(async () => world?.close())

    for (const { what, before: prepare = acts.giveRole, act, status, everybody = false, bearer = false } of cases) {
      it(`a person who ${what}`, async () => {
        const person = await signedIn(world, prepare)
        const bystander = await signedIn(world, acts.giveRole)
        await act(world, person.id)
        await eventually(
          () => person.call(),
          (answer) => answer === status,
          PATIENCE_MS,
        )
        if (bearer)
          await eventually(
            () => person.callWithToken(),
            (answer) => answer === 401,
            PATIENCE_MS,
          )
        if (everybody)
          await eventually(
            () => bystander.call(),
            (answer) => answer === 401,
            PATIENCE_MS,
          )
        else expect(await bystander.call()).to.equal(200)
      })
    }

    it('who got a new password is not signed in again without it', async () => {
      const person = await signedIn(world, acts.giveRole)
      await acts.resetPassword(world, person.id)
      await eventually(
        () => person.call(),
        (answer) => answer === 401,
        PATIENCE_MS,
      )
      await eventually(
        () => person.asksForPassword(),
        (asks) => asks,
        PATIENCE_MS,
      )
    })

    it('and administrators see what was changed there, not what they saw before', async () => {
      const [administrator, person] = [await signedIn(world, acts.giveAdmin), await signedIn(world, acts.giveRole)]
      const about = async (part = '') =>
        (await administrator.see(`/api/v1/admin/users/${person.id}${part}`)).json().data
      const shown = async () => ({
        name: (await about()).user.lastName,
        isCustomer: (await about('/roles')).direct.some(({ role }: { role: string }) => role === 'realm:customer'),
        groups: (await about('/groups')).groups.length,
      })
      const before = await shown()
      expect(before).to.include({ isCustomer: true, groups: 0 })
      for (const act of [acts.rename, acts.takeRole, acts.joinGroup]) await act(world, person.id)
      await eventually(
        shown,
        ({ name, isCustomer, groups }) => name === 'Renamed' && !isCustomer && groups === 1,
        PATIENCE_MS,
      )
    })

    it('and whoever may come back comes back by signing in', async () => {
      const person = await signedIn(world, acts.giveRole)
      await acts.signOut(world, person.id)
      await eventually(
        () => person.call(),
        (answer) => answer === 401,
        PATIENCE_MS,
      )
      await person.signIn()
      expect(await person.call()).to.equal(200)
    })
  })

  describe(`In a realm that keeps no events sessions in use are renewed instead (${name})`, () => {
    let world: World
    before(async function () {
      if (name === 'keycloak' && findKeycloak(process.env) === undefined) this.skip()
      world = await startWorld(name, { adminEventsEnabled: false })
    })
    after(async () => world?.close())

    for (const { what, before: prepare = acts.giveRole, act, status } of cases) {
      it(`a person who ${what}`, async () => {
        const person = await signedIn(world, prepare)
        // Without events a password that was set in the very second of the sign-in counts as the one signed in with.
        const signedInAt = Date.now()
        await eventually(
          async () => Date.now(),
          (now) => now > signedInAt + 1_000,
        )
        await act(world, person.id)
        await eventually(
          () => person.call(),
          (answer) => answer === status,
          PATIENCE_MS,
        )
      })
    }
  })
}

async function startWorld(name: 'stand-in' | 'keycloak', overrides: object = {}): Promise<World> {
  const env = { REVALIDATION_INTERVAL: '2', IDENTITY_CACHE_TTL: '1', RATE_LIMIT_AUTH_FAILURES: 'off' }
  const world = await createWorld(await sharedProvider(name), overrides, env)
  await acts.loseLogoutTokens(world)
  return world
}

const FORM = /<form[^>]*\bid="kc-form-login"[^>]*\baction="([^"]+)"/

/** Without Chromium: some thirty people sign in here. */
async function signedIn(world: World, prepare: Act) {
  const { gateway, api, admin, realm, provider } = world
  const account = { username: `person-${++people}`, password: 'a-password-of-tests-1' }
  const id = await admin.createUser(realm, { ...account, roles: [] })
  await prepare(world, id)
  const browser = createBrowser()
  const orders = `${gateway.url}/api/orders`
  const person = {
    id,
    call: async () => (await browser.fetch(orders)).status,
    see: (path: string) => browser.fetch(gateway.url + path),
    callWithToken: async () => (await fetch(orders, { headers: { authorization } })).status,
    asksForPassword: async () => FORM.test((await browser.open(orders)).body),
    async signIn() {
      const form = await browser.open(orders)
      const action = FORM.exec(form.body)?.[1]?.replaceAll('&amp;', '&') ?? ''
      const page = await browser.submit(provider.url, action, account)
      expect([page.url, page.status], page.body).to.deep.equal([orders, 200])
    },
  }
  await person.signIn()
  const authorization = api.last().headers.authorization ?? ''
  return person
}
