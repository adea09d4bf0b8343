/** What a workflow says, in words for people. Pure. */
import type { McpTool, OwnCheck, ResultKind, ToolRisk, WorkflowDefinition, WorkflowTool } from './definition'

export const kindWords: Record<ResultKind, string> = {
  report: 'a report',
  fields: 'a list of fields',
  digest: 'a digest',
  draft: 'a draft',
  recommendation: 'a recommendation',
  action: 'a proposed action',
  json: 'structured data',
}

export const riskWords: Record<ToolRisk, { label: string; means: string }> = {
  read: { label: 'Only reads', means: 'Runs by itself.' },
  write: { label: 'Changes something', means: 'Waits for a person, each time.' },
  forbidden: { label: 'Forbidden', means: 'Is never made.' },
}

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 2 })
const dollars = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD', maximumFractionDigits: 2 })
const and = new Intl.ListFormat('en')

export const numberWords = (value: number) => number.format(value)
export const dollarWords = (value: number | null) => (value === null ? 'no limit' : dollars.format(value))

/** A stretch of time in its largest whole unit: 7200 s is "2 hours", 90 s is "90 seconds". */
export function spanWords(seconds: number): string {
  const units = [
    [86_400, 'day'],
    [3_600, 'hour'],
    [60, 'minute'],
  ] as const
  // A day reads as 24 hours: people plan a review by the hour.
  const [size, name] = units.find(([unit]) => seconds >= unit * (unit === 86_400 ? 2 : 1) && seconds % unit === 0) ?? [
    1,
    'second',
  ]
  const count = seconds / size
  return `${number.format(count)} ${name}${count === 1 ? '' : 's'}`
}

/** What a tool is called. */
export function toolName(tool: WorkflowTool): string {
  if (tool.type === 'function') return tool.name
  if (tool.type === 'mcp') return tool.serverLabel
  return { web_search: 'Web search', file_search: 'File search', code_interpreter: 'Code interpreter' }[tool.type]
}

/** What a tool may change at most. Those that run at the provider change nothing outside of it. */
export function toolRisk(tool: WorkflowTool): ToolRisk {
  if (tool.type === 'function') return tool.risk
  return tool.type === 'mcp' ? mcpRisk(tool) : 'read'
}

function mcpRisk({ risk, tools }: McpTool): ToolRisk {
  const risks = [risk, ...Object.values(tools)]
  return risks.includes('write') ? 'write' : risks.includes('read') ? 'read' : 'forbidden'
}

/** What a check asks for: "/amount: at most 1000". */
export function checkWords({ at, must }: OwnCheck): string {
  const place = at === '' ? 'the whole answer' : at
  switch (must.be) {
    case 'present':
      return `${place} is there`
    case 'equal':
      return `${place} is ${JSON.stringify(must.value)}`
    case 'one_of':
      return `${place} is one of ${and.format(must.values.map((value) => JSON.stringify(value)))}`
    case 'at_most':
      return `${place} is at most ${number.format(must.value)}`
    case 'at_least':
      return `${place} is at least ${number.format(must.value)}`
    case 'matching':
      return `${place} matches ${must.pattern}`
  }
}

/** How failures are tried again, as one sentence. */
export function retryWords({ maxAttempts, firstSeconds, factor, capSeconds }: WorkflowDefinition['retry']): string {
  if (maxAttempts === 1) return 'Never by itself'
  const first = firstSeconds === undefined ? 'the usual first delay' : spanWords(firstSeconds)
  const growth = factor === 1 ? 'each time the same' : `each time ${number.format(factor)} times as long`
  return `${maxAttempts} attempts in all; after ${first}, ${growth}, at most ${spanWords(capSeconds)}`
}

/** How many documents go with a job. */
export function documentWords({ min, max }: WorkflowDefinition['documents']): string {
  if (max === 0) return 'none'
  if (min === max) return String(min)
  return min === 0 ? `up to ${max}` : `${min} to ${max}`
}

const NAMED_FIELDS: Record<string, string> = {
  'review.byRisk': 'Review: rules over the result',
  'review.escalateHours': 'Review: hours after it was escalated',
  'review.samplePercent': 'Review: sample, in percent',
  'review.undoSeconds': 'Review: an approval can be taken back for, in seconds',
}

/** A field of a definition, as a heading: "review.approvals" is "Review: approvals". */
export function fieldWords(field: string): string {
  const named = NAMED_FIELDS[field]
  if (named !== undefined) return named
  const [group = '', ...rest] = field.split('.')
  const plain = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  const isNamed = group === 'tools' || group === 'checks'
  const head = isNamed ? group.slice(0, -1) : plain(group)
  const words = rest.length === 0 ? head : `${head}: ${isNamed ? rest.join('.') : plain(rest.join('.'))}`
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`
}
