import type { IncomingMessage } from 'node:http'
import { type Request, type RequestHandler, type Response, Router } from 'express'
import { SERVICE_ACCOUNT } from '../access/permissions.ts'
import { type Identity, identityOf } from '../identity/identity.ts'
import { success } from '../platform/errors/envelope.ts'
import { GatewayError } from '../platform/errors/gateway-error.ts'
import { onlyThese } from '../platform/http/only-these.ts'
import { readInput, readQuery } from '../platform/http/read-input.ts'
import { requestVersion, requiredVersion } from '../platform/keycloak/people/request-version.ts'
import { contextOf } from '../platform/observability/request-context.ts'
import { accountInput } from './account-input.ts'
import type { Leave } from './leave.ts'
import type { OwnCredentials } from './own-credentials.ts'
import type { ChangeOwnPassword } from './own-password.ts'
import type { Auditor, OwnProfile } from './own-profile.ts'

export interface OwnAccount {
  profile: OwnProfile
  changePassword: ChangeOwnPassword
  leave: Leave
  credentials: OwnCredentials
}

export interface OwnAccountRoutesParts {
  /** Undefined where Keycloak's administration is not configured. */
  account: OwnAccount | undefined
  jsonBody: RequestHandler[]
  /** What the audit trail says of the caller. */
  auditor: (req: IncomingMessage) => Auditor
}

interface Call {
  account: OwnAccount
  caller: Identity
  by: Auditor
}

/** The caller's own account, below `/users/me`. */
export function ownAccountRoutes({ account, jsonBody, auditor }: OwnAccountRoutesParts): Router {
  const router = Router({ caseSensitive: true, strict: true })
  const answer: Answer = (work) =>
    async function answerOwner(req, res) {
      const caller = identityOf(req)
      if (account === undefined) throw new GatewayError('KEYCLOAK_REQUIRED')
      if (caller.username?.startsWith(SERVICE_ACCOUNT)) throw new GatewayError('NOT_A_PERSON')
      readQuery(accountInput.nothing, req)
      const [data, message] = await work(req, { account, caller, by: auditor(req) }, res)
      res.setHeader('Cache-Control', 'no-store')
      res.json(success(data, message, contextOf(req).requestId))
    }

  router
    .route('/')
    .get(
      answer(async (_req, { account, caller }, res) => {
        const user = await account.profile.read(caller)
        res.setHeader('ETag', `"${user.version}"`)
        return [{ user }, 'Your account']
      }),
    )
    .put(
      ...jsonBody,
      answer(async (req, { account, caller, by }, res) => {
        const { version: inBody, ...wanted } = readInput(accountInput.profile, req.body)
        const version = requiredVersion(requestVersion(req, inBody, 'your account'))
        const done = await account.profile.update(caller, { ...wanted, version }, by)
        res.setHeader('ETag', `"${done.user.version}"`)
        return [done, done.emailChange === null ? 'Your account was changed' : MAILED]
      }),
    )
    .delete(
      ...jsonBody,
      answer(async (req, { account, caller, by }) => {
        const report = await account.leave(caller, readInput(accountInput.proof, req.body), by)
        return [report, 'Your account is closed and you are signed out everywhere']
      }),
    )
    .all(onlyThese('GET, HEAD, PUT, DELETE'))

  router
    .route('/password')
    .patch(
      ...jsonBody,
      answer(async (req, { account, caller, by }) => {
        const report = await account.changePassword(caller, readInput(accountInput.password, req.body), by)
        return [report, 'Your password was changed; you are signed out everywhere else']
      }),
    )
    .all(onlyThese('PATCH'))

  router.use(credentialRoutes(answer, jsonBody))
  return router
}

const MAILED = 'A mail with a link to change your e-mail address is on its way to your present one'

type Work = (req: Request, call: Call, res: Response) => Promise<[data: object, message: string]>
type Answer = (work: Work) => RequestHandler

function credentialRoutes(answer: Answer, jsonBody: RequestHandler[]): Router {
  const router = Router({ caseSensitive: true, strict: true })
  router
    .route('/credentials')
    .get(
      answer(async (_req, { account, caller }) => [
        { credentials: await account.credentials.list(caller) },
        'What you sign in with',
      ]),
    )
    .all(onlyThese('GET, HEAD'))
  router
    .route('/credentials/:id')
    .delete(
      ...jsonBody,
      answer(async (req, { account, caller, by }) => {
        const { id } = readInput(accountInput.credential, req.params)
        const proof = readInput(accountInput.proof, req.body)
        return [{ credential: await account.credentials.remove(caller, id, proof, by) }, 'The credential was removed']
      }),
    )
    .all(onlyThese('DELETE'))
  router
    .route('/consents')
    .get(
      answer(async (_req, { account, caller }) => [
        { consents: await account.credentials.consents(caller) },
        'Applications that you have let in',
      ]),
    )
    .all(onlyThese('GET, HEAD'))
  router
    .route('/consents/:clientId')
    .delete(
      answer(async (req, { account, caller, by }) => {
        const { clientId } = readInput(accountInput.consent, req.params)
        await account.credentials.withdraw(caller, clientId, by)
        return [{ clientId }, 'The consent was withdrawn']
      }),
    )
    .all(onlyThese('DELETE'))
  return router
}
