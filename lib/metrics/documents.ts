/** The table of metrics in docs/metrics.md, as the catalogue has it. Pure. */
import { catalogue } from './catalogue'

export const METRICS_BEGIN = '<!-- metrics:begin -->'
export const METRICS_END = '<!-- metrics:end -->'

/** One line a metric. */
export function metricsTable(): string {
  const rows = catalogue.map(({ name, type, labels, help }) => {
    const named = labels.length === 0 ? '–' : labels.map((label) => `\`${label}\``).join(', ')
    return `| \`${name}\` | ${type} | ${named} | ${help} |`
  })
  return ['| Name | Type | Labels | What it says |', '|---|---|---|---|', ...rows].join('\n')
}
