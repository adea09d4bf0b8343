/**
 * A strict reader of the text that Prometheus scrapes, version 0.0.4, by its specification:
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-format-details. It refuses whatever the
 * specification does not allow, and what a Prometheus server would quietly put together wrongly.
 */

export type Sample = { name: string; labels: Record<string, string>; value: number }
export type FamilyType = 'counter' | 'gauge' | 'histogram' | 'summary' | 'untyped'
export type Family = { name: string; type: FamilyType; help: string | null; samples: Sample[] }

/** The text is not what the format allows; the message names the line. */
export class BadExposition extends Error {
  override name = 'BadExposition'
}

const METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/
const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/
const TYPES: readonly string[] = ['counter', 'gauge', 'histogram', 'summary', 'untyped']
/** What Go's ParseFloat reads, to which the format refers: not a number and infinity in any case of letters. */
const VALUE = /^(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?|nan|[+-]?inf(?:inity)?)$/i
const SUFFIXES: Partial<Record<FamilyType, readonly string[]>> = {
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
}

/** Reads a whole answer. @throws {BadExposition} */
export function parseExposition(text: string): Family[] {
  if (text === '') return []
  if (!text.endsWith('\n')) throw new BadExposition('the last line must end with a line feed')
  if (text.includes('\r')) throw new BadExposition('lines end with a line feed alone')
  const families = new Map<string, Family>()
  let current: Family | null = null
  for (const [index, line] of text.slice(0, -1).split('\n').entries()) {
    const fail = (why: string): never => {
      throw new BadExposition(`line ${index + 1}: ${why}: ${line}`)
    }
    if (line.trim() === '') continue
    if (line.startsWith('#')) current = readComment(line, families, current, fail)
    else current = readSample(line, families, current, fail)
  }
  for (const family of families.values()) checkFamily(family)
  return [...families.values()]
}

type Fail = (why: string) => never

function familyOf(name: string, families: Map<string, Family>, current: Family | null, fail: Fail): Family {
  if (current?.name === name) return current
  if (families.has(name)) fail('all lines of one metric stand together')
  const family: Family = { name, type: 'untyped', help: null, samples: [] }
  families.set(name, family)
  return family
}

function readComment(line: string, families: Map<string, Family>, current: Family | null, fail: Fail): Family | null {
  const [, keyword, name = '', rest = ''] = /^#[ \t]+(HELP|TYPE)[ \t]+(\S+)(?:[ \t]+(.*))?$/.exec(line) ?? []
  if (keyword === undefined) return current
  if (!METRIC.test(name)) fail('no name of a metric')
  const family = familyOf(name, families, current, fail)
  if (keyword === 'HELP') {
    if (family.help !== null) fail('a second HELP')
    family.help = readEscapes(rest, false, fail)
    return family
  }
  if (family.samples.length > 0) fail('TYPE stands before the first sample')
  if (family.type !== 'untyped') fail('a second TYPE')
  if (!TYPES.includes(rest)) fail('no type')
  family.type = rest as FamilyType
  return family
}

function readSample(line: string, families: Map<string, Family>, current: Family | null, fail: Fail): Family {
  const name = /^[a-zA-Z_:][a-zA-Z0-9_:]*/.exec(line)?.[0] ?? fail('no name of a metric')
  const { labels, rest } = readLabels(line.slice(name.length), fail)
  const [value = '', timestamp, ...more] = rest.trim().split(/[ \t]+/)
  if (!VALUE.test(value)) fail('no value')
  if (more.length > 0 || (timestamp !== undefined && !/^-?\d+$/.test(timestamp))) fail('no timestamp')
  const family = belongsTo(name, current) ? (current as Family) : familyOf(name, families, current, fail)
  family.samples.push({ name, labels, value: numberOf(value) })
  return family
}

function belongsTo(name: string, family: Family | null): boolean {
  if (family === null) return false
  return (SUFFIXES[family.type] ?? ['']).some((suffix) => name === `${family.name}${suffix}`)
}

function readLabels(text: string, fail: Fail): { labels: Record<string, string>; rest: string } {
  const labels: Record<string, string> = {}
  if (!text.startsWith('{')) {
    if (!/^[ \t]/.test(text)) fail('a space before the value')
    return { labels, rest: text }
  }
  let at = 1
  while (text[at] !== '}') {
    const [whole, name = '', value = ''] =
      /^\s*([^=\s{},"]+)\s*=\s*"((?:[^"\\]|\\.)*)"\s*/.exec(text.slice(at)) ?? fail('no label')
    if (!LABEL.test(name) || name.startsWith('__')) fail('no name of a label')
    if (name in labels) fail('a label twice')
    labels[name] = readEscapes(value, true, fail)
    at += whole.length
    if (text[at] === ',') at += 1
    else if (text[at] !== '}') fail('labels are parted by commas')
  }
  return { labels, rest: text.slice(at + 1) }
}

function readEscapes(text: string, withQuote: boolean, fail: Fail): string {
  return text.replace(/\\(.?)/g, (whole, character: string) => {
    if (character === '\\') return '\\'
    if (character === 'n') return '\n'
    if (character === '"' && withQuote) return '"'
    return fail(`no escape ${whole}`)
  })
}

function numberOf(text: string): number {
  if (/inf/i.test(text)) return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  return Number(text)
}

function checkFamily({ name, type, samples }: Family): void {
  const seen = new Set<string>()
  for (const sample of samples) {
    const key = keyOf(sample.name, sample.labels)
    if (seen.has(key)) throw new BadExposition(`${key} stands there twice`)
    seen.add(key)
    if (type === 'counter' && !(sample.value >= 0)) throw new BadExposition(`the counter ${key} is ${sample.value}`)
  }
  if (type === 'histogram') checkHistogram(name, samples)
}

/** Buckets rise, the last is +Inf, and it is what `_count` says; each has a sum. */
function checkHistogram(name: string, samples: readonly Sample[]): void {
  const series = new Map<string, { buckets: [number, number][]; sum: number | null; count: number | null }>()
  for (const { name: of, labels, value } of samples) {
    const { le, ...rest } = labels
    const key = keyOf(name, rest)
    const one = series.get(key) ?? { buckets: [], sum: null, count: null }
    series.set(key, one)
    if (of.endsWith('_sum')) one.sum = value
    else if (of.endsWith('_count')) one.count = value
    else if (le === undefined) throw new BadExposition(`a bucket of ${key} has no le`)
    else one.buckets.push([numberOf(le), value])
  }
  for (const [key, { buckets, sum, count }] of series) {
    const rises = buckets.every(([le, value], at) => {
      const before = buckets[at - 1]
      return before === undefined || (le > before[0] && value >= before[1])
    })
    const last = buckets.at(-1)
    if (!rises) throw new BadExposition(`the buckets of ${key} do not rise`)
    if (last === undefined || last[0] !== Number.POSITIVE_INFINITY) throw new BadExposition(`${key} has no +Inf`)
    if (sum === null || count !== last[1]) throw new BadExposition(`${key} does not agree with its count`)
  }
}

const keyOf = (name: string, labels: Record<string, string>) =>
  `${name}${JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)))}`
