import { composeRequest } from '../support/raw-messages.ts'
import { judgeProcess } from './carry-out.ts'
import { converse } from './converse.ts'
import type { FuzzWorld } from './fuzz-world.ts'
import type { SignIn } from './grammar/sign-ins.ts'
import { judgeAnswer, judgeCookie } from './oracles/answer.ts'
import { type FuzzAnswer, readAnswers } from './read-answers.ts'

/** Carries out attempts to sign in: nobody ends up elsewhere, or in a session that is not their own. */
export function createSignIn(world: FuzzWorld) {
  const fill = (text: string) =>
    text.replaceAll('{host}', world.meaning.host).replaceAll('{session}', world.meaning.sessions.alice)

  async function ask(target: string, headers: Record<string, string>): Promise<FuzzAnswer | undefined> {
    const visible = target.replace(/[^\x21-\x7e]/g, (char) => encodeURIComponent(char))
    const request = composeRequest(world.meaning.host, {
      target: visible,
      headers: { ...headers, Connection: 'close' },
    })
    const talk = { pieces: [request], frames: [], leaves: 'at the end', endsItself: true } as const
    const { bytes } = await converse(world.port, talk)
    return readAnswers(bytes, ['GET']).answers[0]
  }

  async function signIn(attempt: SignIn): Promise<string[]> {
    const { returnTo, raw, query, tamper } = attempt
    const value = raw ? fill(returnTo).replace(/[\s#]/g, '') : encodeURIComponent(fill(returnTo))
    const fields = Object.fromEntries(Object.entries(attempt.fields).map(([name, text]) => [name, fill(text)]))
    const begun = await ask(`/login?returnTo=${value}${query}`, { Accept: 'text/html', ...fields })
    if (begun === undefined) return ['/login was not answered']
    const wrong = judgeAnswer(world, begun, false)
    const location = begun.header('location')
    if (begun.status >= 400 || location === undefined) return wrong
    if (!location.startsWith(`${world.issuer}/authorize?`)) return [...wrong, `a login at ${location.slice(0, 200)}`]
    if (new URL(location).searchParams.get('redirect_uri') !== `${world.origin}/callback`)
      wrong.push('another redirect_uri')
    const back = (await fetch(location, { redirect: 'manual' })).headers.get('location') ?? ''
    const cookie = begun
      .values('set-cookie')
      .map((text) => text.split(';')[0])
      .join('; ')
    return [...wrong, ...(await finish(attempt, back.replace(world.origin, ''), cookie, tamper))]
  }

  async function finish(attempt: SignIn, target: string, cookie: string, tamper: SignIn['tamper']): Promise<string[]> {
    const planted = attempt.fields.Cookie === undefined ? '' : fill(attempt.fields.Cookie)
    const cookies = [planted, tamper === 'no cookie' ? '' : cookie].filter((text) => text !== '').join('; ')
    const headers: Record<string, string> = { Accept: 'text/html', ...(cookies === '' ? {} : { Cookie: cookies }) }
    const done = await ask(changed(target, attempt), headers)
    if (done === undefined) return ['/callback was not answered']
    // What the provider would not have said is its own fault for all the gateway can tell.
    const excused = done.status === 502 && (tamper === 'iss' || tamper === 'code')
    const own = judgeAnswer(world, done, false).filter((text) => !excused || !/ of the gateway's own making/.test(text))
    const wrong = [...own, ...judgeEnd(done, attempt, planted)]
    if (tamper !== 'again') return wrong
    const replayed = await ask(target, headers)
    return replayed !== undefined && replayed.status < 400 ? [...wrong, 'a finished login was finished again'] : wrong
  }

  function judgeEnd(done: FuzzAnswer, { tamper }: SignIn, planted: string): string[] {
    const session = done.values('set-cookie').find((text) => /^cloakroom=[^;]/.test(text))
    const good = tamper === 'nothing' || tamper === 'again'
    if (!good) return session === undefined ? [] : [`signed in although: ${tamper}`]
    if (session === undefined) return [`not signed in: ${done.statusLine}`]
    const own = session.split(';')[0] ?? ''
    world.canaries.add(own)
    const to = /http-equiv="refresh" content="\d+;\s*url=([^"]*)"/.exec(done.body)?.[1]?.replaceAll('&amp;', '&')
    return [
      ...judgeCookie(session, false),
      ...(own === planted ? ['the session was there before the login'] : []),
      ...(to?.startsWith(`${world.origin}/`) && new URL(to).origin === world.origin ? [] : [`on to ${to}`]),
      ...(/<script/i.test(done.body) ? ['a script in the page'] : []),
    ]
  }

  return async function carryOutSignIn(attempt: SignIn): Promise<string[]> {
    const wrong = await signIn(attempt)
    // The session that was planted is over when the login was finished.
    if (attempt.fields.Cookie !== undefined) await world.signInAgain()
    return [...wrong, ...(await judgeProcess(world))]
  }
}

function changed(target: string, { tamper, payload }: SignIn): string {
  const encoded = encodeURIComponent(payload)
  if (tamper === 'state') return target.replace(/state=[^&]+/, `state=${encoded}`)
  if (tamper === 'code') return target.replace(/code=[^&]+/, `code=${encoded}`)
  if (tamper === 'iss') return target.replace(/iss=[^&]+/, `iss=${encoded}`)
  if (tamper === 'twice') return `${target}&code=${encoded}`
  return tamper === 'error' ? target.replace(/code=[^&]+/, `error=${encoded}&error_description=${encoded}`) : target
}
