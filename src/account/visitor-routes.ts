import type { IncomingMessage } from 'node:http'
import { type Request, type RequestHandler, Router } from 'express'
import { success } from '../platform/errors/envelope.ts'
import { GatewayError } from '../platform/errors/gateway-error.ts'
import { readInput, readQuery } from '../platform/http/read-input.ts'
import { contextOf } from '../platform/observability/request-context.ts'
import { accountInput } from './account-input.ts'
import type { MailedLinks } from './mailed-links.ts'
import type { Auditor } from './own-profile.ts'
import type { Register } from './registration.ts'

export interface VisitorRoutesParts {
  /** Undefined where registration is off. */
  register: Register | undefined
  /** Undefined where Keycloak's administration is not configured. */
  links: MailedLinks | undefined
  jsonBody: RequestHandler[]
  /** Counts mails by address, whether or not there is such an account. @throws GatewayError RATE_LIMITED */
  countMail: (email: string) => Promise<void>
  auditor: (req: IncomingMessage) => Auditor
}

/** The same words for everybody: they must not tell whether there is such an account. */
const WORDS = {
  register: 'If this address can be used, a mail with a link is on its way; follow it and then sign in',
  forgot: 'If there is an account with this address, a mail with a link to a new password is on its way',
  verify: 'If there is an account with this address that is not verified, a mail with a link is on its way',
}

/** For people who are not signed in, below `/users`: registration, forgotten password, verification of an address. */
export function visitorRoutes({ register, links, jsonBody, countMail, auditor }: VisitorRoutesParts): Router {
  const router = Router({ caseSensitive: true, strict: true })
  const accepted = (message: string, work: (req: Request) => Promise<void>): RequestHandler =>
    async function answerVisitor(req, res) {
      readQuery(accountInput.nothing, req)
      await work(req)
      res.setHeader('Cache-Control', 'no-store')
      res.status(202).json(success(null, message, contextOf(req).requestId))
    }
  const mail = (send: (links: MailedLinks, email: string) => Promise<void>) => async (req: Request) => {
    if (links === undefined) throw new GatewayError('KEYCLOAK_REQUIRED')
    const { email } = readInput(accountInput.address, req.body)
    await countMail(email)
    await send(links, email)
  }

  const isOpen: RequestHandler = (_req, _res, next) => {
    if (register === undefined) throw new GatewayError('NOT_FOUND')
    next()
  }
  const registering: RequestHandler[] = [
    ...jsonBody,
    accepted(WORDS.register, async (req) => {
      await register?.(readInput(accountInput.registration, req.body), auditor(req))
    }),
  ]
  router
    .route('/')
    .all(isOpen)
    .post(...registering)
    .all(onlyPost)
  router
    .route('/forgotten-password')
    .post(
      ...jsonBody,
      accepted(
        WORDS.forgot,
        mail(({ forgotPassword }, email) => forgotPassword(email)),
      ),
    )
    .all(onlyPost)
  router
    .route('/email-verification')
    .post(
      ...jsonBody,
      accepted(
        WORDS.verify,
        mail(({ verifyEmail }, email) => verifyEmail(email)),
      ),
    )
    .all(onlyPost)
  return router
}

const onlyPost: RequestHandler = () => {
  throw new GatewayError('METHOD_NOT_ALLOWED', { headers: { Allow: 'POST' } })
}
