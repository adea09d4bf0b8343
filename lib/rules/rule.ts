/** What a version of the failure rules must satisfy, with a sentence for each way in which it does not. Pure. */
import { z } from 'zod'
import { type FailureClass, failureClasses, failurePlaces, retriesByItself, type Signal } from '@/lib/lifecycle/failure'
import { sanitiseText } from '@/lib/store/sanitise'
import { builtinRules } from './builtin'
import { ENDS_NOBODY_SAW } from './decide'
import { callSignal, checksSignal, covers, failedSignal, fits, incompleteSignal, stopSignal } from './signals'
import { type Rule, type SignalKind, signalKinds, tellings } from './types'

/** Why a failure of such a class is never tried again by itself. */
export const WHY_NEVER: Record<Exclude<FailureClass, 'infrastructure' | 'timeout'>, string> = {
  malformed_input:
    'A refused input would be refused again, and paid again where it had been taken. A person must change it first.',
  policy:
    'What a policy refused would be refused again, and asking over and over can cost the account. A person must look at the input first.',
  review_required:
    'The answer is there and was paid. Another one would be paid again before anybody has looked at this one.',
  unclassified:
    'Nobody knows yet what this means, so that another try may be paid for the same end. Choose what it is first.',
}

const WHY_NEVER_UNSEEN =
  'Nobody saw how that call ended: it may still be running, and paid. Another one beside it would be paid twice.'

/** The checks that every result gets. */
export const CHECK_KEYS = ['complete', 'schema', 'documents', 'quotes', 'claims'] as const

/** What the value of each kind of signal may be. */
export const VALUE_RULES: Record<SignalKind, { pattern: RegExp; wrong: string }> = {
  code: {
    pattern: /^\*?[\w.:/-]+\*?$/,
    wrong:
      'Write the code as the provider gives it, such as server_error; a * at its beginning or end stands for any letters.',
  },
  http_status: {
    pattern: /^([1-5]\d\d|[1-5]xx|none)$/,
    wrong:
      'Write a status such as 429, a family such as 5xx, or none for a connection that failed before anything was sent.',
  },
  incomplete: {
    pattern: /^\*?[\w.:/-]+\*?$/,
    wrong: 'Write the reason as the response gives it, such as max_output_tokens.',
  },
  check: {
    pattern: /^(\*|\*?[\w.:/-]+\*?)$/,
    wrong: 'Write the key of the check, such as quotes, or * for any check.',
  },
  stop: { pattern: /^[a-z][a-z0-9_]*$/, wrong: 'Write one of Holdpoint’s own reasons, such as no_progress.' },
}

/** A number of a delay or of tries; null: as the workflow says. */
const orWorkflow = (schema: z.ZodNumber) => schema.nullable()

export const retrySchema = z.object({
  firstSeconds: orWorkflow(
    z.number('Write a number of seconds.').min(0, 'A delay is not negative.').max(3_600, 'At most 3600 seconds.'),
  ),
  factor: orWorkflow(z.number('Write a number.').min(1, 'At least 1: delays never shrink.').max(10, 'At most 10.')),
  capSeconds: orWorkflow(
    z
      .number('Write a number of seconds.')
      .positive('More than 0 seconds.')
      .max(86_400, 'At most 86400 seconds, a day.'),
  ),
  maxAttempts: orWorkflow(
    z.number('Write a whole number.').int('Write a whole number.').min(1, 'At least 1.').max(20, 'At most 20.'),
  ),
})

/** The shape alone: what was published once is read, also where a later release would refuse it. */
export const ruleShape = z.object({
  id: z.string().regex(/^[\w.:-]{1,80}$/),
  signal: z.object({ kind: z.enum(signalKinds), value: z.string().max(120, 'At most 120 characters.') }),
  where: z.enum(failurePlaces).nullable(),
  class: z.enum(failureClasses),
  retry: retrySchema.nullable(),
  stopsQueue: z.boolean(),
  countsTries: z.boolean(),
  tell: z.enum(tellings),
  sentence: z
    .string()
    .trim()
    .min(1, 'Write a sentence, or leave it to Holdpoint.')
    .max(300, 'At most 300 characters.')
    .overwrite(sanitiseText)
    .nullable(),
})

export const ruleSchema: z.ZodType<Rule> = ruleShape.superRefine((rule, context) => {
  for (const { path, message } of ruleProblems(rule)) context.addIssue({ code: 'custom', path, message })
})

type Problem = { path: (string | number)[]; message: string }

function ruleProblems(rule: Rule): Problem[] {
  const problems: Problem[] = []
  const wrong = (path: string, message: string) => problems.push({ path: path.split('.'), message })
  const { signal, retry } = rule
  if (!VALUE_RULES[signal.kind].pattern.test(signal.value)) wrong('signal.value', VALUE_RULES[signal.kind].wrong)
  if (rule.where !== null && signal.kind !== 'code' && signal.kind !== 'http_status') {
    wrong('where', 'Only a code or an HTTP status has a place where it was met.')
  }
  if (signal.kind === 'http_status' && signal.value === 'none' && rule.where === 'look') {
    wrong('where', 'A connection that failed before anything was sent is met at create.')
  }
  // The answer is there, whatever a check of the workflow's own is called: the engine holds it in any class.
  if (signal.kind === 'check' && retriesByItself(rule.class)) wrong('class', WHY_NEVER.review_required)
  if (!retriesByItself(rule.class)) {
    const why = WHY_NEVER[rule.class as keyof typeof WHY_NEVER]
    if (retry !== null) wrong('retry', why)
    if (rule.stopsQueue) wrong('stopsQueue', `The job would go back to the queue, to be tried again. ${why}`)
    if (!rule.countsTries) wrong('countsTries', 'There are no tries to spare: it is not tried again by itself.')
    return problems
  }
  if (rule.stopsQueue && retry !== null) {
    wrong('retry', 'It is sent again when a lead resumes the queue, so that it has no delays of its own.')
  }
  if (!rule.countsTries && retry?.maxAttempts != null) {
    wrong('retry.maxAttempts', 'It uses up no tries, so that no number of tries ends it. Choose one of the two.')
  }
  const [first, cap] = [retry?.firstSeconds, retry?.capSeconds]
  if (first != null && cap != null && cap < first)
    wrong('retry.capSeconds', 'The longest delay is not below the first.')
  return problems
}

/** Rules that may be put in force together. Issues point at the rule and its field: [index, 'signal', 'value']. */
export const ruleSetSchema = z
  .array(ruleSchema)
  .max(300, 'At most 300 rules.')
  .superRefine((rules, context) => {
    for (const { path, message } of setProblems(rules)) context.addIssue({ code: 'custom', path, message })
  })

function setProblems(rules: readonly Rule[]): Problem[] {
  const problems: Problem[] = []
  for (const [index, rule] of rules.entries()) {
    if (rules.findIndex(({ id }) => id === rule.id) < index) {
      problems.push({ path: [index, 'id'], message: 'Two rules have the same id.' })
    }
    const before = rules.findIndex((earlier) => covers(earlier, rule))
    if (before < index) {
      const message = `It is never reached: rule ${before + 1} stands before it and fits the same. Move it up, or remove one of the two.`
      problems.push({ path: [index, 'signal', 'value'], message })
    }
  }
  return [...problems, ...neverRetriedProblems(rules)]
}

/** The first rule that would let something be tried again of which Holdpoint knows that it must not. */
function neverRetriedProblems(rules: readonly Rule[]): Problem[] {
  const found = new Map<number, Problem>()
  for (const { kind, signal, what, why } of neverRetried) {
    const index = rules.findIndex((rule) => fits(rule, signal))
    const rule = rules[index]
    if (rule === undefined || found.has(index) || !retriesByItself(rule.class)) continue
    // A status is told what it is to a status: that codes come with it too would say less.
    if (rule.signal.kind === 'http_status' && kind === 'code') continue
    if (!VALUE_RULES[rule.signal.kind].pattern.test(rule.signal.value)) continue
    found.set(index, { path: [index, 'class'], message: `It fits ${what}. ${why}` })
  }
  return [...found.values()]
}

type NeverRetried = { kind: SignalKind; signal: Signal; what: string; why: string }

/** Refusals of the input, of a policy, and answers that are there: known by name, and put in no class that retries. */
const neverRetried: readonly NeverRetried[] = [
  ...builtinRules.flatMap(({ signal: { kind, value }, ...rule }): NeverRetried[] => {
    if (retriesByItself(rule.class) || rule.class === 'unclassified') return []
    const why = WHY_NEVER[rule.class as keyof typeof WHY_NEVER]
    return examplesOf(kind, value).map(({ signal, what }) => ({ kind, signal, what, why }))
  }),
  ...ENDS_NOBODY_SAW.map((code) => ({
    kind: 'stop' as const,
    signal: stopSignal(code),
    what: code,
    why: WHY_NEVER_UNSEEN,
  })),
]

function examplesOf(kind: SignalKind, value: string): { signal: Signal; what: string }[] {
  const code = value.replace(/^\*/, 'some').replace(/\*$/, '_refusal')
  switch (kind) {
    case 'code':
      return [failedSignal(code), callSignal('create', { httpStatus: 400, code })].map((signal) => ({
        signal,
        what: value,
      }))
    case 'incomplete':
      return [{ signal: incompleteSignal(value), what: value }]
    case 'check':
      return [...CHECK_KEYS, 'own:any'].map((key) => ({ signal: checksSignal([key]), what: `the check “${key}”` }))
    case 'stop':
      return [{ signal: stopSignal(value), what: value }]
    case 'http_status':
      return [400, 413, 422].map((status) => ({
        signal: callSignal('create', { httpStatus: status, code: null }),
        what: `HTTP ${status}, a refused input`,
      }))
  }
}
