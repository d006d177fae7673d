import { type Answer, ask } from './parts/ask.ts'
import { createCookieJar } from './parts/cookie-jar.ts'

/**
 * Signs in the way a browser does, step by step, and answers the `Cookie` header it has from then on.
 * @throws Error naming the step that did not answer as it should
 */
export async function signIn(port: number): Promise<string> {
  const cookies = createCookieJar()
  const visit = async (path: string) => {
    const headers = { Accept: 'text/html', Host: `127.0.0.1:${port}`, Cookie: cookies.header() }
    const answer = await ask({ port, path, headers })
    cookies.keep(answer.headers['set-cookie'] ?? [])
    return answer
  }
  const toProvider = redirectOf(await visit('/login'), '/login')
  const fromProvider = redirectOf(
    await ask({ port: Number(toProvider.port), path: toProvider.pathname + toProvider.search }),
    "the provider's login page",
  )
  const done = await visit(fromProvider.pathname + fromProvider.search)
  if (done.status >= 400) throw new Error(`/callback answered ${done.status}: ${done.body.slice(0, 500)}`)
  return cookies.header()
}

function redirectOf({ status, headers, body }: Answer, step: string): URL {
  if (headers.location === undefined)
    throw new Error(`${step} answered ${status} instead of a redirect: ${body.slice(0, 500)}`)
  return new URL(headers.location)
}
