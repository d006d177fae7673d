import { expect } from 'chai'
import { onServers } from './support/servers.ts'
import { useTestBed } from './support/test-bed.ts'

const wrong = 'Invalid username or password.'

/** Three wrong passwords lock; tries in quick succession do not matter. */
const strict = {
  bruteForceProtected: true,
  failureFactor: 3,
  waitIncrementSeconds: 60,
  quickLoginCheckMilliSeconds: 0,
  minimumQuickLoginWaitSeconds: 60,
  maxFailureWaitSeconds: 900,
  maxDeltaTimeSeconds: 43_200,
}

onServers('Brute-force detection', (server) => {
  const bed = useTestBed(server, strict)
  const status = async (name: string) =>
    (await bed().admin('GET', `/attack-detection/brute-force/users/${await bed().userId(name)}`)).json
  const miss = async (name: string, times: number) => {
    for (let i = 0; i < times; i += 1) await bed().signIn(name, { password: 'not-it' })
  }

  it('counts wrong passwords and forgets them at a good login', async () => {
    await miss('ada', 2)
    const before = await status('ada')
    const { answer } = await bed().signIn('ada')

    expect(before).to.include({ numFailures: 2, disabled: false, numTemporaryLockouts: 0, lastIPFailure: '127.0.0.1' })
    expect(answer.status).to.equal(302)
    expect(await status('ada')).to.include({ numFailures: 0, lastIPFailure: 'n/a', lastFailure: 0 })
  })

  it('locks after too many, and then the right password looks wrong', async () => {
    await miss('ben', 3)
    const { answer } = await bed().signIn('ben')
    const locked = await status('ben')
    const person = await bed().admin('GET', `/users/${await bed().userId('ben')}`)

    expect(answer.words).to.include(wrong)
    expect(locked).to.include({ numFailures: 3, numTemporaryLockouts: 1, disabled: true })
    expect(locked.failedLoginNotBefore).to.be.closeTo(Date.now() / 1000 + 60, 15)
    expect(person.json.enabled).to.equal(true)
  })

  it('does not count what is tried while locked, and lets in once an administrator says so', async () => {
    await miss('cyd', 5)
    const locked = await status('cyd')
    const id = await bed().userId('cyd')
    const cleared = await bed().admin('DELETE', `/attack-detection/brute-force/users/${id}`)
    const { answer } = await bed().signIn('cyd')

    expect(locked.numFailures).to.equal(3)
    expect(cleared.status).to.equal(204)
    expect(answer.status).to.equal(302)
  })

  it('lets only one of several logins of one person in that come at once', async () => {
    const logins = await Promise.all([1, 2, 3, 4].map(() => bed().signIn('dan')))
    const inside = logins.filter(({ answer }) => answer.status === 302)
    const outside = logins.filter(({ answer }) => answer.words.includes(wrong))

    expect([inside.length, outside.length]).to.deep.equal([1, 3])
    expect((await bed().signIn('dan')).answer.status).to.equal(302)
  })
})

onServers('Without brute-force detection', (server) => {
  const bed = useTestBed(server, { bruteForceProtected: false })

  it('all logins of one person at once get in', async () => {
    const logins = await Promise.all([1, 2, 3, 4].map(() => bed().signIn('dan')))

    expect(logins.map(({ answer }) => answer.status)).to.deep.equal([302, 302, 302, 302])
  })
})
