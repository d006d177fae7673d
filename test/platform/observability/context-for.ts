import type { RequestContext } from '../../../src/platform/observability/request-context.ts'

/** The context of a request that has arrived, with what a test wants to be different. */
export function contextFor(changes: Partial<RequestContext> = {}): RequestContext {
  return {
    requestId: 'req-1',
    traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    startedAt: 0,
    method: 'GET',
    path: '/api/orders',
    query: '',
    clientAddress: '192.0.2.7',
    route: 'orders',
    ...changes,
  }
}
