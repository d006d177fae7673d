import { type Answer, readAnswer } from './answer.ts'

/**
 * Somebody with a browser, as far as signing in needs one: it keeps cookies by path and shows where redirects lead
 * without following them. It sends `Secure` cookies over plain HTTP, which loopback allows.
 */
export type Visitor = {
  go(url: string | URL): Promise<Answer>
  submit(url: string | URL, fields: Record<string, string>): Promise<Answer>
  cookieNames(): string[]
}

type Cookie = { name: string; value: string; path: string }

function readCookie(line: string): Cookie & { isGone: boolean } {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
  const [name = '', value = ''] = pair.split(/=(.*)/s)
  const path = attributes.find((one) => /^path=/i.test(one))?.slice(5) ?? '/'
  return { name, value, path, isGone: value === '' || attributes.some((one) => /^max-age=0$/i.test(one)) }
}

/** Makes one with an empty cookie jar. */
export function createVisitor(): Visitor {
  const jar = new Map<string, Cookie>()

  async function send(url: string | URL, init: RequestInit): Promise<Answer> {
    const { pathname } = new URL(url)
    const cookies = [...jar.values()].filter((cookie) => pathname.startsWith(cookie.path))
    const headers = { cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') }
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const { isGone, ...cookie } of response.headers.getSetCookie().map(readCookie)) {
      if (isGone) jar.delete(cookie.name + cookie.path)
      else jar.set(cookie.name + cookie.path, cookie)
    }
    return readAnswer(response)
  }

  return {
    go: (url) => send(url, {}),
    submit: (url, fields) => send(url, { method: 'POST', body: new URLSearchParams(fields) }),
    cookieNames: () => [...jar.values()].map((cookie) => cookie.name),
  }
}

/** Where the login form on this page goes. */
export function formAction(page: Answer): string {
  const [form = ''] = /<form[^>]*>/i.exec(page.text) ?? []
  const action = /action="([^"]+)"/i.exec(form)?.[1]
  if (!action) throw new Error(`There is no form on this page (${page.status}): ${page.words.slice(0, 200)}`)
  return action.replaceAll('&amp;', '&')
}
