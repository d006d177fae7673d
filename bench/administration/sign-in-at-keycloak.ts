import { ask } from '../parts/ask.ts'
import { type CookieJar, createCookieJar } from '../parts/cookie-jar.ts'

/** Where a browser may be sent without end. */
const MOST_STEPS = 10

/**
 * Signs in at a real Keycloak's login form and answers the `Cookie` header for the gateway.
 * @throws Error naming the step that did not answer as it should
 */
export async function signInAtKeycloak(
  gatewayUrl: string,
  person: { username: string; password: string },
): Promise<string> {
  const jars = new Map<string, CookieJar>()
  const jarOf = ({ host }: URL) => {
    const jar = jars.get(host) ?? createCookieJar()
    jars.set(host, jar)
    return jar
  }
  async function visit(address: URL, form?: URLSearchParams): Promise<{ at: URL; page: string }> {
    let at = address
    let body = form
    for (let step = 0; step < MOST_STEPS; step++) {
      const answer = await ask({
        port: Number(at.port),
        path: at.pathname + at.search,
        headers: { Host: at.host, Cookie: jarOf(at).header(), Accept: 'text/html' },
        ...(body === undefined ? {} : { method: 'POST', form: body }),
      })
      jarOf(at).keep(answer.headers['set-cookie'] ?? [])
      const { location } = answer.headers
      if (location === undefined) return { at, page: answer.body }
      at = new URL(location, at)
      body = undefined
      // The page it ends on belongs to a front end that is not there.
      if (at.origin === gatewayUrl && at.pathname === '/') return { at, page: '' }
    }
    throw new Error(`signing in never came to an end; the last address was ${at.origin}${at.pathname}`)
  }
  const login = await visit(new URL('/login', gatewayUrl))
  const action = /<form[^>]+action="([^"]+)"/.exec(login.page)?.[1]?.replaceAll('&amp;', '&')
  if (action === undefined) throw new Error(`there is no login form at ${login.at.origin}${login.at.pathname}`)
  const done = await visit(new URL(action, login.at), new URLSearchParams(person))
  if (done.at.origin !== gatewayUrl) throw new Error(`signing in ended at ${done.at.origin}${done.at.pathname}`)
  return jarOf(done.at).header()
}
