import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { parse } from 'yaml'
import { metricsPage } from '../../docs/generators/metrics-page.ts'
import { createMetrics } from '../../src/platform/observability/metrics.ts'

const read = (path: string) => readFileSync(new URL(`../../docs/operations/${path}`, import.meta.url), 'utf8')

interface Series {
  labels: string[]
  type: string
}

/** The gateway's own series with their labels, and those of the process. */
async function knownSeries(): Promise<Map<string, Series>> {
  const known = new Map<string, Series>()
  for (const [, name = '', type = '', labels = ''] of (await metricsPage()).matchAll(
    /^\| `(\w+)` \| (\w+) \| ([^|]*) \|/gm,
  ))
    known.set(name, { type, labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label) })
  for (const [, name = '', type = ''] of (await createMetrics().expose()).text.matchAll(/^# TYPE (\w+) (\w+)$/gm))
    if (!known.has(name)) known.set(name, { type, labels: [] })
  return known
}

/** What an expression asks for: series, and the labels that it selects or groups by. */
function asked(expression: string) {
  const series = [...expression.matchAll(/\b((?:cloakroom|process|nodejs)_\w+)(?:\{([^}]*)\})?/g)].map(
    ([, name = '', selectors = '']) => ({
      name,
      labels: [...selectors.matchAll(/(\w+)\s*[=!]/g)].map(([, label = '']) => label),
    }),
  )
  const grouped = [...expression.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(/,\s*/))
  return { series, grouped }
}

function problemsOf(expression: string, known: Map<string, Series>): string[] {
  const { series, grouped } = asked(expression)
  if (series.length === 0) return ['asks for nothing']
  return series.flatMap(({ name, labels }) => {
    const found = known.get(name) ?? known.get(name.replace(/_(bucket|sum|count)$/, ''))
    if (found === undefined) return [`${name} is unknown`]
    if (name.endsWith('_bucket') && found.type !== 'histogram') return [`${name} is no histogram`]
    const own = new Set([...found.labels, 'instance', ...(found.type === 'histogram' ? ['le'] : [])])
    return [...labels, ...grouped].filter((label) => !own.has(label)).map((label) => `${name} has no label ${label}`)
  })
}

describe('The files for operators', () => {
  let known: Map<string, Series>
  before(async () => {
    known = await knownSeries()
  })

  interface Rule {
    alert: string
    expr: string
    labels: { severity: string }
    annotations: { summary: string; description: string }
  }
  const rules = () =>
    (parse(read('alerts.yaml')) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules)

  it('alert on series that the gateway has, by labels that they have', () => {
    const problems = rules().flatMap(({ alert, expr }) => problemsOf(expr, known).map((text) => `${alert}: ${text}`))
    expect(problems).to.deep.equal([])
    expect(rules().length).to.be.greaterThan(5)
  })

  it('tell with every alert what it means and what to do', () => {
    for (const { alert, labels, annotations } of rules()) {
      expect(labels.severity, alert).to.be.oneOf(['warning', 'critical'])
      expect(annotations.summary, alert).to.match(/\S.{10,}/)
      expect(annotations.description, alert).to.match(/\.$/)
    }
  })

  it('draw series that the gateway has, by labels that they have', () => {
    const { panels } = JSON.parse(read('grafana-dashboard.json')) as {
      panels: { title: string; targets: { expr: string }[] }[]
    }
    const problems = panels.flatMap(({ title, targets }) =>
      targets.flatMap(({ expr }) =>
        problemsOf(expr.replaceAll('$__rate_interval', '5m'), known).map((text) => `${title}: ${text}`),
      ),
    )
    expect(problems).to.deep.equal([])
  })

  it('draw every series of its own that the gateway has', () => {
    const text = read('grafana-dashboard.json')
    const missing = [...known.keys()].filter((name) => name.startsWith('cloakroom_') && !text.includes(name))
    expect(missing).to.deep.equal([])
  })

  for (const [what, expression] of [
    ['an unknown series', 'rate(cloakroom_nothing_total[5m])'],
    ['a label that is not there', 'sum by (nothing) (cloakroom_breaker_state)'],
    ['a selector that is not there', 'cloakroom_logins_total{why="ok"}'],
    ['buckets of a counter', 'rate(cloakroom_logins_total_bucket[5m])'],
    ['nothing', '1 > 0'],
  ] as const)
    it(`would not pass with ${what}`, () => expect(problemsOf(expression, known)).to.not.deep.equal([]))
})
