import { Histogram, type Registry } from 'prom-client'

export interface TallyHistogramOptions {
  name: string
  help: string
  labelNames: readonly string[]
  /** Upper bounds in rising order. */
  buckets: readonly number[]
  registry: Registry
}

/**
 * A Prometheus histogram whose children count in plain numbers: prom-client's own looks a child up by hashed labels at each
 * observation, which on the hot path costs more than the rest of a request's closing. It is exposed as any other.
 */
export function createTallyHistogram({ name, help, labelNames, buckets, registry }: TallyHistogramOptions) {
  const children: Child[] = []
  const histogram = new Histogram({ name, help, labelNames: [...labelNames], registers: [] })
  const read = async () => ({ name, help, type: 'histogram', aggregator: 'sum', values: values() })
  // The text format is made from the second, everything else from the first.
  registry.registerMetric(Object.assign(histogram, { get: read, getForPromString: read } as unknown as object))

  function values() {
    return children.filter(({ count }) => count > 0).flatMap((child) => exposed(name, buckets, child))
  }

  return {
    /** A function that observes one value for these labels; make it once, call it often. */
    child(labels: Record<string, string>): (value: number) => void {
      const child: Child = { labels, counts: new Array<number>(buckets.length + 1).fill(0), sum: 0, count: 0 }
      children.push(child)
      return (value) => {
        let i = 0
        while (i < buckets.length && value > (buckets[i] ?? 0)) i++
        child.counts[i] = (child.counts[i] ?? 0) + 1
        child.sum += value
        child.count++
      }
    },
  }
}

interface Child {
  labels: Record<string, string>
  /** By bucket, not cumulative; the last is what is above every bound. */
  counts: number[]
  sum: number
  count: number
}

function exposed(name: string, buckets: readonly number[], { labels, counts, sum, count }: Child) {
  let below = 0
  const bounds = [...buckets, '+Inf'].map((le, i) => {
    below += counts[i] ?? 0
    return { metricName: `${name}_bucket`, value: below, labels: { le, ...labels } }
  })
  return [
    ...bounds,
    { metricName: `${name}_sum`, value: sum, labels },
    { metricName: `${name}_count`, value: count, labels },
  ]
}
