/** One value of one series, as the metrics are exposed. */
export interface Sample {
  name: string
  labels: Readonly<Record<string, string | number>>
  value: number
}

/** The figures a person asks for first, from the same series that Prometheus reads; counted since the process began. */
export function summarizePerformance(samples: readonly Sample[]) {
  const named = (name: string) => samples.filter((sample) => sample.name === `cloakroom_${name}`)
  const one = (name: string) => samples.find((sample) => sample.name === name)?.value ?? 0
  const started = one('process_start_time_seconds')
  return {
    uptime_seconds: started === 0 ? 0 : Math.max(0, Math.round(Date.now() / 1000 - started)),
    memory_bytes: one('process_resident_memory_bytes'),
    event_loop_lag_p99_seconds: one('nodejs_eventloop_lag_p99_seconds'),
    requests: { ...latency(named('http_request_seconds_count'), named('http_request_seconds_sum'), 'status') },
    authentications: byLabels(named('authentications_total'), 'method', 'outcome'),
    logins: totals(named('logins_total'), 'outcome'),
    tokens: {
      refreshes: totals(named('token_refreshes_total'), 'outcome'),
      service_tokens: byLabels(named('service_tokens_total'), 'operation', 'outcome'),
    },
    sessions_ended: totals(named('sessions_ended_total'), 'why'),
    rate_limited: totals(named('rate_limited_total'), 'limit'),
    caches: ratios(byLabels(named('cache_reads_total'), 'cache', 'outcome')),
    dependencies: perTarget(named('outbound_call_seconds_count'), named('outbound_call_seconds_sum')),
  }
}

function sum(samples: readonly Sample[]): number {
  return samples.reduce((total, { value }) => total + value, 0)
}

function milliseconds(seconds: number, count: number): number {
  return count === 0 ? 0 : Math.round((seconds / count) * 10_000) / 10
}

function totals(samples: readonly Sample[], label: string): Record<string, number> {
  const result: Record<string, number> = {}
  for (const { labels, value } of samples) {
    const key = String(labels[label] ?? '')
    result[key] = (result[key] ?? 0) + value
  }
  return result
}

function byLabels(samples: readonly Sample[], first: string, second: string) {
  const groups = Map.groupBy(samples, ({ labels }) => String(labels[first] ?? ''))
  return Object.fromEntries([...groups].map(([name, group]) => [name, totals(group, second)]))
}

function latency(counts: readonly Sample[], sums: readonly Sample[], label: string) {
  const total = sum(counts)
  return { total, average_ms: milliseconds(sum(sums), total), [`by_${label}`]: totals(counts, label) }
}

function perTarget(counts: readonly Sample[], sums: readonly Sample[]) {
  const targets = Map.groupBy(counts, ({ labels }) => String(labels.target ?? ''))
  return Object.fromEntries(
    [...targets].map(([target, group]) => [
      target,
      latency(
        group,
        sums.filter(({ labels }) => labels.target === target),
        'outcome',
      ),
    ]),
  )
}

function ratios(caches: Record<string, Record<string, number>>) {
  return Object.fromEntries(
    Object.entries(caches).map(([name, outcomes]) => {
      const { hit = 0, miss = 0, stale = 0 } = outcomes
      const all = hit + miss + stale
      return [
        name,
        { hits: hit, misses: miss, stale, hit_ratio: all === 0 ? null : Math.round((hit / all) * 1e4) / 1e4 },
      ]
    }),
  )
}
