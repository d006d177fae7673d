import { variantTitles } from '../variant-names.ts'
import type { VariantSummary } from './summary.ts'

const HEAD = [
  'variant',
  'requests/s',
  'ratio',
  'p50 ms',
  'p99 ms',
  'requests/CPU s',
  'CPU ratio',
  'peak MiB',
  'disturbed',
]

/** The figures as a Markdown table that is also good to read in a terminal. */
export function renderTable(summaries: readonly VariantSummary[]): string {
  const rows = summaries.map((summary) => [
    variantTitles[summary.variant],
    whole(summary.requestsPerSecond),
    ratio(summary.ratio),
    summary.p50.toFixed(1),
    summary.p99.toFixed(1),
    whole(summary.requestsPerProcessorSecond),
    ratio(summary.processorRatio),
    whole(summary.peakMemory),
    `${whole(summary.disturbed * 100)} %`,
  ])
  const widths = HEAD.map((title, column) =>
    Math.max(...[HEAD, ...rows].map((row) => row[column]?.length ?? 0), title.length),
  )
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`
  const rule = `|${widths.map((width, i) => (i === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`
  return [line(HEAD), rule, ...rows.map(line)].join('\n')
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

function ratio(value: number | undefined): string {
  return value === undefined ? '–' : value.toFixed(2)
}
