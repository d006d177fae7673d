import { Agent, request } from 'undici'
import { type CookieJar, createCookieJar } from './cookie-jar.ts'
import { fetchHeaders, type Step, siteOfRequest } from './fetch-metadata.ts'

/** One request that the browser made, and how it was answered. */
export interface Visit {
  readonly method: string
  readonly url: string
  readonly sent: Readonly<Record<string, string>>
  readonly status: number
}

/** Where a tab stands, or what a fetch got. */
export interface Page {
  readonly url: string
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
  /** Every request since the tab was told to go, the last one included. */
  readonly visits: readonly Visit[]
  /** Where the tab would go next, when it was told to stop before. */
  readonly next: Step | undefined
  header(name: string): string | undefined
  /** The body as JSON. */
  json(): Answer
}

/** The gateway's envelope, as loosely as a test reads it. */
export interface Answer {
  success?: boolean
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the gateway sends
  data?: any
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the gateway sends
  error?: any
  [member: string]: unknown
}

export interface NavigateOptions {
  /** Stops before the first address this says yes to; `goOn` takes it from there. */
  until?: (url: string) => boolean
  /** On top of what a browser sends; an empty text takes a header away. */
  headers?: Record<string, string>
}

export interface FetchOptions {
  /** The page whose script calls; default: a page of the called origin. */
  from?: string
  method?: string
  headers?: Record<string, string>
  body?: string
}

export interface Browser {
  readonly jar: CookieJar
  /** Types an address. */
  open(url: string, options?: NavigateOptions): Promise<Page>
  /** Follows a link on a page of `fromSite`. */
  link(fromSite: string, url: string, options?: NavigateOptions): Promise<Page>
  /** Sends a form of a page of `fromSite`, which becomes the page in the tab. */
  submit(fromSite: string, url: string, fields?: Record<string, string>, options?: NavigateOptions): Promise<Page>
  /** Takes a stopped tab further. */
  goOn(page: Page, options?: NavigateOptions): Promise<Page>
  /** What a script gets, with `Sec-Fetch-Mode: cors`; redirects are followed as fetch does. */
  fetch(url: string, options?: FetchOptions): Promise<Page>
  /** What `<img>` or `<iframe>` on a page of `fromSite` loads. */
  embed(kind: 'image' | 'iframe', fromSite: string, url: string): Promise<Page>
}

const MAX_STEPS = 25

/**
 * A browser without a window: cookies with their SameSite rules, redirects, `<meta http-equiv="refresh">`, and the
 * Fetch Metadata headers that a real one sends. Tabs are calls that run beside each other and share the jar.
 *
 * A Strict cookie is kept back as soon as any address of a redirect chain is on another site (RFC 6265bis section 5.2).
 */
export function createBrowser({ now }: { now?: () => number } = {}): Browser {
  const jar = createCookieJar(now)
  const agent = new Agent({ pipelining: 0, connections: 256 })

  async function send(step: Step): Promise<{ visit: Visit; page: Page }> {
    const site = siteOfRequest(step)
    const cookie = jar.header(step.url, site)
    const sent = present({ ...fetchHeaders(step), ...(cookie === undefined ? {} : { cookie }), ...step.headers })
    const options = { method: step.method as 'GET', headers: sent, dispatcher: agent, body: step.body ?? null }
    const answer = await request(step.url, options)
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) jar.store(step.url, line, site)
    const body = await answer.body.text()
    const visit = { method: step.method, url: step.url, sent, status: answer.statusCode }
    return { visit, page: pageOf(step.url, answer.statusCode, answer.headers, body) }
  }

  async function walk(first: Step, { until = () => false }: NavigateOptions, before: Visit[]): Promise<Page> {
    const visits = [...before]
    let step = first
    let page: Page | undefined
    while (visits.length < MAX_STEPS) {
      const done = await send(step)
      visits.push(done.visit)
      page = { ...done.page, visits }
      const next = following(step, page)
      if (next === undefined) return page
      if (until(next.url)) return { ...page, next }
      step = next
    }
    throw new Error(`the browser went round in circles: ${visits.map(({ url }) => url).join(' → ')}`)
  }

  const navigation = (url: string, initiator: string | null, headers: Record<string, string> = {}): Step => ({
    method: 'GET',
    url,
    initiator,
    chain: [],
    destination: 'document',
    mode: 'navigate',
    userActivated: true,
    headers,
    body: undefined,
  })

  return {
    jar,
    open: (url, options = {}) => walk(navigation(url, null, options.headers), options, []),
    link: (fromSite, url, options = {}) => walk(navigation(url, fromSite, options.headers), options, []),
    submit(fromSite, url, fields = {}, options = {}) {
      const body = new URLSearchParams(fields).toString()
      const headers = { 'content-type': 'application/x-www-form-urlencoded', ...options.headers }
      return walk({ ...navigation(url, fromSite, headers), method: 'POST', body }, options, [])
    },
    goOn(page, options = {}) {
      if (page.next === undefined) throw new Error('this tab has nowhere to go')
      return walk(page.next, options, [...page.visits])
    },
    fetch(url, { from = url, method = 'GET', headers = {}, body } = {}) {
      const step = navigation(url, from, { accept: '*/*', ...lowerCased(headers) })
      return walk({ ...step, method, body, destination: 'empty', mode: 'cors', userActivated: false }, {}, [])
    },
    embed(kind, fromSite, url) {
      const mode = kind === 'iframe' ? 'navigate' : 'no-cors'
      return walk({ ...navigation(url, fromSite), destination: kind, mode, userActivated: false }, {}, [])
    },
  }
}

function following(step: Step, page: Page): Step | undefined {
  const location = page.header('location')
  if (page.status >= 300 && page.status < 400 && location !== undefined) {
    const url = new URL(location, step.url).href
    const keeps = page.status === 307 || page.status === 308 || step.method === 'GET' || step.method === 'HEAD'
    const { 'content-type': _type, ...headers } = step.headers
    const next = { ...step, url, chain: [...step.chain, step.url] }
    return keeps ? next : { ...next, method: 'GET', body: undefined, headers }
  }
  if (step.mode !== 'navigate' || !/^text\/html/i.test(page.header('content-type') ?? '')) return undefined
  const refresh = /<meta http-equiv="refresh" content="\d+;\s*url=([^"]*)">/i.exec(page.body)?.[1]
  if (refresh === undefined) return undefined
  // The page itself moves the tab on: a new chain, begun by the page.
  const url = new URL(unescapeHtml(refresh), step.url).href
  const fresh = { method: 'GET', body: undefined, headers: {}, userActivated: false, chain: [] }
  return { ...step, ...fresh, url, initiator: step.url }
}

function pageOf(url: string, status: number, headers: Page['headers'], body: string): Page {
  return {
    url,
    status,
    headers,
    body,
    visits: [],
    next: undefined,
    header(name) {
      const value = headers[name.toLowerCase()]
      return Array.isArray(value) ? value.join(', ') : value
    },
    json: () => JSON.parse(body) as Answer,
  }
}

function present(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ''))
}

function lowerCased(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

function unescapeHtml(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code))).replaceAll('&amp;', '&')
}
