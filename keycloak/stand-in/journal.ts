import type { RequestHandler } from 'express'
import type { Clock } from './clock.ts'

/** What one request was, without anything secret: names of parameters, never their values. */
export type JournalEntry = {
  /** Milliseconds since 1970. */
  at: number
  method: string
  /** Without the query. */
  path: string
  /** Names of the parameters in query and form, sorted, each once. */
  parameters: string[]
  /** The one value that is told: which grant the token endpoint was asked for. */
  grantType?: string
  /** 0 when the caller hung up before the answer. */
  status: number
}

/** Remembers the requests of a stand-in, so that tests can count, say, refreshes. */
export type Journal = {
  middleware: RequestHandler
  /** The finished requests, oldest first, at most the last ten thousand. */
  entries(): JournalEntry[]
  clear(): void
}

const limit = 10_000

/** Makes an empty journal. Its middleware comes after the one that reads bodies as text. */
export function createJournal(clock: Clock): Journal {
  const entries: JournalEntry[] = []

  return {
    entries: () => [...entries],
    clear: () => void entries.splice(0),
    middleware(req, res, next) {
      const { method, originalUrl } = req
      const [path = '', query = ''] = originalUrl.split(/\?(.*)/s)
      res.once('close', () => {
        const isForm = Boolean(req.is('application/x-www-form-urlencoded')) && typeof req.body === 'string'
        const form = new URLSearchParams(isForm ? req.body : '')
        const names = new Set([...new URLSearchParams(query).keys(), ...form.keys()])
        const grantType = form.get('grant_type')
        entries.push({
          at: clock.now(),
          method,
          path,
          parameters: [...names].sort(),
          ...(grantType === null ? {} : { grantType }),
          status: res.writableFinished ? res.statusCode : 0,
        })
        if (entries.length > limit) entries.shift()
      })
      next()
    },
  }
}
