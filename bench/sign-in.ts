import { type Answer, ask } from './parts/ask.ts'

/**
 * Signs in the way a browser does, step by step, and answers the `Cookie` header it has from then on.
 * @throws Error naming the step that did not answer as it should
 */
export async function signIn(port: number): Promise<string> {
  const cookies = new Map<string, string>()
  const visit = async (path: string) => {
    const headers = { Accept: 'text/html', Host: `127.0.0.1:${port}`, Cookie: cookieHeader(cookies) }
    const answer = await ask({ port, path, headers })
    keepCookies(cookies, answer)
    return answer
  }
  const toProvider = redirectOf(await visit('/login'), '/login')
  const fromProvider = redirectOf(
    await ask({ port: Number(toProvider.port), path: toProvider.pathname + toProvider.search }),
    "the provider's login page",
  )
  const done = await visit(fromProvider.pathname + fromProvider.search)
  if (done.status >= 400) throw new Error(`/callback answered ${done.status}: ${done.body.slice(0, 500)}`)
  return cookieHeader(cookies)
}

function redirectOf({ status, headers, body }: Answer, step: string): URL {
  if (headers.location === undefined)
    throw new Error(`${step} answered ${status} instead of a redirect: ${body.slice(0, 500)}`)
  return new URL(headers.location)
}

function keepCookies(cookies: Map<string, string>, { headers }: Answer): void {
  for (const line of headers['set-cookie'] ?? []) {
    const [pair = '', ...attributes] = line.split(';')
    const cut = pair.indexOf('=')
    const name = pair.slice(0, cut)
    const gone = attributes.some((text) => /^\s*(max-age=0|expires=Thu, 01 Jan 1970.*)$/i.test(text))
    if (gone) cookies.delete(name)
    else cookies.set(name, pair.slice(cut + 1))
  }
}

function cookieHeader(cookies: Map<string, string>): string {
  return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
}
