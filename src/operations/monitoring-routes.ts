import type { RequestHandler } from 'express'
import { API_VERSION, success } from '../platform/errors/envelope.ts'
import type { BreakerState } from '../platform/http/resilience.ts'
import type { Readiness } from '../platform/observability/readiness.ts'
import { contextOf } from '../platform/observability/request-context.ts'
import { type Sample, summarizePerformance } from './summarize-performance.ts'

export interface MonitoringParts {
  breakers: () => Record<string, BreakerState>
  /** What `/ready` asks. */
  dependencies: () => Promise<Pick<Readiness, 'dependencies'>>
  samples: () => Promise<readonly Sample[]>
  now: () => number
}

/** `GET /api/v1/monitoring/{health,circuit-breakers,metrics}`: of this instance, as seed 003 shows them. */
export function monitoringRoutes(parts: MonitoringParts): Record<'health' | 'breakers' | 'metrics', RequestHandler> {
  const { breakers, dependencies: askDependencies, samples, now } = parts
  return {
    async health(_req, res) {
      const states = Object.fromEntries(Object.entries(breakers()).map(([target, { state }]) => [target, state]))
      const asked = Object.entries((await askDependencies()).dependencies)
      const dependencies = Object.fromEntries(asked.map(([name, { status }]) => [name, status]))
      const isWell =
        Object.values(states).every((state) => state === 'closed') &&
        Object.values(dependencies).every((state) => state === 'up')
      const status = isWell ? 'healthy' : 'degraded'
      const time = { timestamp: new Date(now()).toISOString(), version: API_VERSION }
      const data = { status, ...time, circuit_breakers: states, dependencies }
      res.json(success(data, `The gateway is ${status}`, contextOf(res.req).requestId))
    },
    breakers(_req, res) {
      const states = Object.fromEntries(
        Object.entries(breakers()).map(([target, { state, failures, lastFailureAt, nextAttemptAt }]) => [
          target,
          { state, failure_count: failures, last_failure: lastFailureAt, next_attempt: nextAttemptAt },
        ]),
      )
      res.json(success({ circuit_breakers: states }, 'Circuit breakers', contextOf(res.req).requestId))
    },
    async metrics(_req, res) {
      const data = summarizePerformance(await samples())
      res.json(success(data, 'Performance of this instance', contextOf(res.req).requestId))
    },
  }
}
