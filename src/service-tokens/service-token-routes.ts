import type { Request, RequestHandler, Response } from 'express'
import { GatewayError, unavailable } from '../platform/errors/gateway-error.ts'
import { oauthErrorOf } from '../platform/errors/oauth-failure.ts'
import { contextOf } from '../platform/observability/request-context.ts'
import { within } from '../platform/within.ts'
import { hintOf, type IntrospectTokenParts, introspectToken } from './introspect-token.ts'
import { grantLabel, issueToken } from './issue-token.ts'
import { createTakeOAuthForm, type OAuthForm } from './oauth-form.ts'
import { type RevokeTokenParts, revokeToken } from './revoke-token.ts'
import { readServiceClient } from './service-client.ts'

export interface ServiceTokenParts extends IntrospectTokenParts, RevokeTokenParts {
  denylist: IntrospectTokenParts['denylist'] & RevokeTokenParts['denylist']
  /** Clients that do not prove themselves are counted against the address. */
  failures: { check(address: string): void; count(address: string): void | Promise<void> }
  isAllowedOrigin: (origin: string) => boolean
  letBodyCome: (req: Request, res: Response) => void
  /** Outcome is `ok` or an OAuth error. */
  onAnswer: (operation: string, outcome: string) => void
  /** A token was issued by this grant, or revoked, for a client that has proven itself. */
  onToken: (req: Request, action: 'token.issue' | 'token.revoke', client: string, kind: string | undefined) => void
}

export interface ServiceTokenRoutes {
  /** Stands before all of them and their limit. */
  entrance: RequestHandler
  token: RequestHandler
  introspect: RequestHandler
  revoke: RequestHandler
}

/** Milliseconds, by design section 3: 15 s where the token endpoint is needed, 10 s elsewhere. */
const TOKEN_DEADLINE_MS = 14_000
const DEADLINE_MS = 9_500

/** The OAuth endpoints for service clients, who prove themselves to the provider with each request; see the contract. */
export function serviceTokenRoutes(parts: ServiceTokenParts): ServiceTokenRoutes {
  const { askProvider, failures, isAllowedOrigin, onAnswer } = parts
  const takeForm = createTakeOAuthForm(parts.letBodyCome)

  type Work = (authorization: string | undefined, form: OAuthForm) => Promise<Record<string, unknown> | undefined>
  const endpoint = (
    label: (form: OAuthForm | undefined) => string,
    milliseconds: number,
    work: Work,
    onDone: (req: Request, form: OAuthForm) => void = () => undefined,
  ): RequestHandler =>
    async function answer(req, res) {
      let form: OAuthForm | undefined
      try {
        form = await takeForm(req, res)
        const body = await within(milliseconds, work(req.headers.authorization, form), tooLate)
        onAnswer(label(form), 'ok')
        onDone(req, form)
        if (body === undefined) res.status(200).end()
        else res.status(200).json(body)
      } catch (error) {
        onAnswer(label(form), error instanceof GatewayError ? oauthErrorOf(error) : 'server_error')
        if (error instanceof GatewayError && error.status === 401) await failures.count(contextOf(req).clientAddress)
        throw error
      }
    }

  return {
    entrance(req, res, next) {
      const context = contextOf(req)
      context.oauthErrors = true
      // No cookie is looked at here, and no page gets an answer on behalf of whoever is signed in.
      res.removeHeader('Access-Control-Allow-Credentials')
      res.setHeader('Pragma', 'no-cache')
      const { origin } = req.headers
      if (origin !== undefined && !isAllowedOrigin(origin)) throw new GatewayError('ORIGIN_NOT_ALLOWED')
      failures.check(context.clientAddress)
      next()
    },
    token: endpoint(
      (form) => (form === undefined ? 'other_grant' : grantLabel(form)),
      TOKEN_DEADLINE_MS,
      (authorization, form) => issueToken(askProvider, authorization, form),
      (req, form) => parts.onToken(req, 'token.issue', clientOf(req, form), grantLabel(form)),
    ),
    introspect: endpoint(
      () => 'introspect',
      DEADLINE_MS,
      (authorization, form) => introspectToken(parts, authorization, form),
    ),
    revoke: endpoint(
      () => 'revoke',
      DEADLINE_MS,
      async (authorization, form) => void (await revokeToken(parts, authorization, form)),
      (req, form) => parts.onToken(req, 'token.revoke', clientOf(req, form), hintOf(form).token_type_hint),
    ),
  }
}

const clientOf = (req: Request, form: OAuthForm) => readServiceClient(req.headers.authorization, form).id

const tooLate = () => unavailable('KEYCLOAK_UNAVAILABLE', 'a request of a service client took too long')
