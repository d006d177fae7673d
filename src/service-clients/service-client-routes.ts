import { type Request, type RequestHandler, Router } from 'express'
import { auditedCaller } from '../access/audited-caller.ts'
import { identityOf } from '../identity/identity.ts'
import type { Audit } from '../platform/audit/audit.ts'
import type { AuditAction } from '../platform/audit/audit-event.ts'
import { success } from '../platform/errors/envelope.ts'
import { GatewayError } from '../platform/errors/gateway-error.ts'
import { onlyThese } from '../platform/http/only-these.ts'
import { readInput, readQuery } from '../platform/http/read-input.ts'
import { contextOf } from '../platform/observability/request-context.ts'
import type { ClientInput } from './client-input.ts'
import type { ClientView } from './client-view.ts'
import type { ServiceClients } from './service-clients.ts'

export interface ServiceClientRoutesParts {
  /** Absent where no service account for it is configured. */
  clients: ServiceClients | undefined
  input: ClientInput
  audit: Pick<Audit, 'change'>
  jsonBody: RequestHandler[]
}

/** `/clients`: service clients, for administrators; every change is in the audit trail. */
export function serviceClientRoutes({ clients, input, audit, jsonBody }: ServiceClientRoutesParts): Router {
  const router = Router({ caseSensitive: true, strict: true })
  const desk = (): ServiceClients => {
    if (clients === undefined)
      throw new GatewayError('KEYCLOAK_REQUIRED', { reason: 'KEYCLOAK_CLIENTS_CLIENT_ID is not set' })
    return clients
  }
  /** No request for one client has a query: what it would have said must not be passed over. */
  function idOf(req: Request): string {
    readQuery(input.nothing, req)
    return readInput(input.path, req.params).id
  }
  const answer = (message: string, work: (req: Request) => Promise<object>, status = 200): RequestHandler =>
    async function administerServiceClients(req, res) {
      const data = await work(req)
      res.setHeader('Cache-Control', 'no-store')
      res.status(status).json(success(data, message, contextOf(req).requestId))
    }

  /** One change of one client, written down with what was before and after. */
  async function changed<T>(
    req: Request,
    action: AuditAction,
    work: (id: string, desk: ServiceClients) => Promise<T>,
    after: (result: T) => object,
  ): Promise<T> {
    const id = idOf(req)
    const before = await desk().read(id)
    const event = { action, target: { kind: 'client', id }, before, ...auditedCaller(req) } as const
    return audit.change(
      event,
      () => work(id, desk()),
      (result) => ({ after: after(result) }),
    )
  }
  const asItIs = ({ client }: { client: ClientView }) => client
  const noBody: RequestHandler[] = [
    ...jsonBody,
    (req, _res, next) => {
      readInput(input.nothing, req.body ?? {})
      next()
    },
  ]
  const switched = (enabled: boolean) =>
    answer(
      enabled ? 'The service client is enabled' : 'The service client is disabled and its tokens are refused',
      (req) =>
        changed(
          req,
          enabled ? 'client.enable' : 'client.disable',
          async (id, { setEnabled }) => ({ client: await setEnabled(id, enabled) }),
          asItIs,
        ),
    )

  router
    .route('/')
    .get(
      answer('Service clients found', async (req) => {
        const query = readQuery(input.list, req)
        return { ...(await desk().list(query)), first: query.first, max: query.max }
      }),
    )
    .post(
      ...jsonBody,
      answer(
        'The service client is registered',
        (req) => {
          readQuery(input.nothing, req)
          const registration = readInput(input.register, req.body)
          const { register } = desk()
          const { clientId = null, name, description, scopes, lifetimeSeconds, authentication } = registration
          const after = { clientId, name, description, scopes, lifetimeSeconds, authentication }
          const event = {
            action: 'client.create',
            target: { kind: 'client', id: null },
            after,
            ...auditedCaller(req),
          } as const
          return audit.change(
            event,
            () => register(registration, identityOf(req)),
            ({ client }) => ({ after: client, target: { kind: 'client', id: client.id } }),
          )
        },
        201,
      ),
    )
    .all(onlyThese('GET, HEAD, POST'))

  router
    .route('/:id')
    .get(answer('Service client found', async (req) => ({ client: await desk().read(idOf(req)) })))
    .patch(
      ...jsonBody,
      answer('The service client is changed', (req) => {
        const change = readInput(input.change, req.body)
        return changed(
          req,
          'client.update',
          async (id, { change: make }) => ({ client: await make(id, change) }),
          asItIs,
        )
      }),
    )
    .delete(
      ...noBody,
      answer('The service client is deleted', async (req) => {
        await changed(
          req,
          'client.delete',
          (id, { remove }) => remove(id),
          () => ({}),
        )
        return { deleted: true }
      }),
    )
    .all(onlyThese('GET, HEAD, PATCH, DELETE'))

  router
    .route('/:id/scopes')
    .put(
      ...jsonBody,
      answer('The scopes are set', (req) => {
        const wanted = readInput(input.scopes, req.body)
        const by = identityOf(req)
        return changed(
          req,
          'client.update',
          async (id, { setScopes }) => ({ client: await setScopes(id, wanted, by) }),
          asItIs,
        )
      }),
    )
    .all(onlyThese('PUT'))

  const rotate = answer('The service client has a new secret', (req) =>
    changed(req, 'client.rotate-secret', (id, { rotateSecret }) => rotateSecret(id), asItIs),
  )
  router
    .route('/:id/secret')
    .post(...noBody, rotate)
    .all(onlyThese('POST'))
  router
    .route('/:id/enable')
    .post(...noBody, switched(true))
    .all(onlyThese('POST'))
  router
    .route('/:id/disable')
    .post(...noBody, switched(false))
    .all(onlyThese('POST'))
  return router
}
