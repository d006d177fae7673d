import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AccessLog } from '../platform/observability/access-log.ts'
import type { Metrics } from '../platform/observability/metrics.ts'
import { attachContext, type RequestContext, requestStorage } from '../platform/observability/request-context.ts'
import type { ClientAddress } from './client-address.ts'
import type { RequestIds } from './request-id.ts'
import { checkRequestLine } from './request-line.ts'
import { readRequestTarget } from './request-target.ts'
import { ignoredUpgrade } from './upgrades.ts'

export interface ArriveParts {
  clientAddress: ClientAddress
  requestIds: (req: IncomingMessage, trustedPeer: boolean) => RequestIds
  checkHost: (host: string | undefined, path: string) => void
  /** Whether failures here are told as OAuth errors, those included that come before anybody has looked at the path. */
  speaksOAuth: (req: IncomingMessage) => boolean
  accessLog: AccessLog
  metrics: Metrics
  /** While the gateway drains, connections are not kept for a next request. */
  isStopping: () => boolean
}

type Next = (error?: unknown) => void

/**
 * The first step of every request: gives it an id, a client address and one canonical path, and promises one closing
 * step that logs and counts it. Nothing is known of the caller yet.
 */
export function createArrive(parts: ArriveParts) {
  const { clientAddress, requestIds, checkHost, speaksOAuth, isStopping } = parts
  const close = createClosing(parts)

  return function arrive(req: IncomingMessage, res: ServerResponse, next: Next, upgrading = false): void {
    const startedAt = performance.now()
    const trustedPeer = clientAddress.isTrustedPeer(req)
    const ids = requestIds(req, trustedPeer)
    const context: RequestContext = {
      requestId: ids.requestId,
      traceparent: ids.traceparent,
      startedAt,
      method: req.method ?? '',
      path: '',
      query: '',
      clientAddress: clientAddress.of(req),
      route: 'none',
    }
    if (speaksOAuth(req)) context.oauthErrors = true
    attachContext(req, context)
    res.on('close', () => {
      if (!res.writableFinished) context.abort?.()
      context.leave?.()
      close(context, res.statusCode)
    })
    // Where nothing more is read, whatever came behind would wait for ever.
    if (isStopping() || ignoredUpgrade(req)) res.setHeader('Connection', 'close')
    requestStorage.run(context, () => {
      try {
        checkRequestLine(req, upgrading)
        const target = readRequestTarget(req.url ?? '')
        context.path = target.path
        context.query = target.query
        req.url = target.path + target.query
        checkHost(req.headers.host, target.path)
      } catch (error) {
        next(error)
        return
      }
      next()
    })
  }
}

function createClosing({ accessLog, metrics }: ArriveParts) {
  const counters = new Map<string, (status: number, seconds: number) => void>()
  return function closing(context: RequestContext, status: number): void {
    const milliseconds = performance.now() - context.startedAt
    const key = `${context.route} ${context.method}`
    let count = counters.get(key)
    if (count === undefined) {
      count = metrics.requestCounter(context.route, context.method)
      counters.set(key, count)
    }
    count(status, milliseconds / 1000)
    accessLog.record(context, status, milliseconds)
  }
}
