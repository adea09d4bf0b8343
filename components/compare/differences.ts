/** What sets two sides of a job apart, part by part. Pure. */
import { readTraceItem } from '@/components/job/trace/trace-shapes'
import { type ClaimChange, compareClaims } from '@/lib/compare/claims'
import { compareJson, type JsonDiff, sameJson } from '@/lib/compare/json'
import { matchLists } from '@/lib/compare/match'
import { readableText } from '@/lib/compare/outline'
import type { ComparisonView, SideView } from '@/lib/compare/view'

type CheckView = NonNullable<SideView['result']>['checks'][number]
type StepView = SideView['steps'][number]

export type CheckChange = { label: string; before: CheckView | null; after: CheckView | null; isSame: boolean }
export type CallStep = { position: number; title: string; name: string | null; arguments: unknown; cut: boolean }
export type StepChange = { before: CallStep | null; after: CallStep | null; isSame: boolean }

export type Differences = {
  text: {
    isSame: boolean
    before: string
    after: string
    /** The texts are outlines of JSON. */
    isOutline: boolean
    /** The outlines are the same though the bytes are not: only white space or the order of fields differs. */
    onlyBytes: boolean
  }
  /** Null where not both are JSON that was read whole. */
  fields: JsonDiff | null
  claims: ClaimChange[]
  checks: CheckChange[]
  steps: StepChange[]
  input: JsonDiff
  isSameGuidance: boolean
  settings: JsonDiff | null
  /** Model, status, tokens and cost are the same; times always differ and say nothing. */
  isSameCall: boolean
}

/** Everything that is compared of two sides. */
export function differencesOf(left: SideView, right: SideView, isSameText: boolean): Differences {
  const one = jsonOf(left)
  const other = jsonOf(right)
  const before = readableText(left.result?.text ?? '')
  const after = readableText(right.result?.text ?? '')
  const isOutline = before.isOutline && after.isOutline
  const texts = isOutline
    ? { before: before.text, after: after.text }
    : { before: left.result?.text ?? '', after: right.result?.text ?? '' }
  return {
    text: {
      isSame: isSameText,
      ...texts,
      isOutline,
      onlyBytes: !isSameText && isOutline && one !== undefined && other !== undefined && sameJson(one, other),
    },
    fields: one === undefined || other === undefined ? null : compareJson(one, other),
    claims: compareClaims(left.result?.claims ?? [], right.result?.claims ?? []),
    checks: compareChecks(left.result?.checks ?? [], right.result?.checks ?? []),
    steps: compareSteps(callSteps(left.steps), callSteps(right.steps)),
    input: compareJson(left.input.fields ?? {}, right.input.fields ?? {}),
    isSameGuidance: left.guidance?.hash === right.guidance?.hash,
    settings: left.settings === null || right.settings === null ? null : compareJson(left.settings, right.settings),
    isSameCall: sameCall(left, right),
  }
}

/** What is nested deeper was written to break whatever walks it. */
const MOST_DEPTH = 200

function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return depth === 0 || Object.values(value).some((inner) => isDeeper(inner, depth - 1))
}

/** The result of a side as JSON, in the order in which it was written; undefined where it is none. */
export function jsonOf({ result }: SideView): unknown {
  if (result === null || result.isErased || result.text.length < result.characters) return undefined
  try {
    const json: unknown = JSON.parse(result.text)
    return isDeeper(json, MOST_DEPTH) ? undefined : json
  } catch {
    // Prose.
    return undefined
  }
}

function compareChecks(before: readonly CheckView[], after: readonly CheckView[]): CheckChange[] {
  // Two checks may have one key: the label tells them apart. Ids of a workflow's own checks are words for programs.
  const nameOf = ({ key, label }: CheckView) => `${key} ${label}`
  const rest = [...before]
  const changes = after.map((check): CheckChange => {
    const at = rest.findIndex((one) => nameOf(one) === nameOf(check))
    const earlier = at < 0 ? null : (rest.splice(at, 1)[0] ?? null)
    const isSame = earlier !== null && earlier.outcome === check.outcome && earlier.detail === check.detail
    return { label: check.label, before: earlier, after: check, isSame }
  })
  return [...changes, ...rest.map((check) => ({ label: check.label, before: check, after: null, isSame: false }))]
}

/** The steps that called something, each with what it was called with. Words of the model are no calls. */
export function callSteps(steps: readonly StepView[]): CallStep[] {
  return steps.flatMap(({ position, type, data, cut }): CallStep[] => {
    const entry = readTraceItem(type, data)
    const step = { position, title: entry.title, cut }
    switch (entry.kind) {
      case 'call':
        return [{ ...step, name: entry.name, arguments: entry.input }]
      case 'web':
        return [
          { ...step, name: null, arguments: entry.page === null ? entry.queries : [...entry.queries, entry.page] },
        ]
      case 'files':
        return [{ ...step, name: null, arguments: entry.queries }]
      case 'code':
        return [{ ...step, name: null, arguments: entry.code }]
      case 'raw':
        return [{ ...step, name: null, arguments: data }]
      default:
        return []
    }
  })
}

function compareSteps(before: readonly CallStep[], after: readonly CallStep[]): StepChange[] {
  const wordsOf = ({ title, name, arguments: given }: CallStep) => `${title} ${name ?? ''} ${JSON.stringify(given)}`
  return matchLists(before.map(wordsOf), after.map(wordsOf)).map((match) => {
    const one = match.before === null ? null : (before[match.before] ?? null)
    const other = match.after === null ? null : (after[match.after] ?? null)
    return { before: one, after: other, isSame: one !== null && other !== null && wordsOf(one) === wordsOf(other) }
  })
}

function sameCall(left: SideView, right: SideView): boolean {
  const facts = ({ call }: SideView) =>
    JSON.stringify([call.model, call.provider, call.providerStatus, call.failureClass, call.usage, call.cost.usd])
  return facts(left) === facts(right)
}

/** Names the sides of a comparison that are there; null where there are not two. */
export function bothSides({ left, right }: ComparisonView): { left: SideView; right: SideView } | null {
  return left === null || right === null ? null : { left, right }
}
