/** What is wrong with a draft that anyone can see without asking the server, in the words of the form. Pure. */
import { isNumber, type PolicyDraft, type RuleDraft, type SourceDraft } from './draft'

/** Sentences by the path of the field in a workflow's file: "review.byRisk.0.label". */
export type Problems = Record<string, string>

/** `isMissing`: nothing is wrong yet, only not filled in. */
type Found = { path: string; message: string; isMissing: boolean }

/** All of it, in the order of the form. `missing`: also what is only not filled in yet. */
export function plainProblems(draft: PolicyDraft, { missing }: { missing: boolean }): Problems {
  const found = [
    ...numberIn('review.samplePercent', draft.samplePercent, draft.approvals === 0 && SAMPLE),
    ...numberIn('review.dueHours', draft.dueHours, HOURS),
    ...numberIn('review.escalateHours', draft.escalateHours, draft.atDeadline === 'escalates' && MORE_HOURS),
    ...numberIn('review.undoSeconds', draft.undoSeconds, UNDO),
    ...draft.rules.flatMap((rule, index) => inRule(rule, `review.byRisk.${index}`)),
    ...inDelivery(draft),
  ]
  const shown = found.filter(({ isMissing }) => missing || !isMissing)
  return Object.fromEntries(shown.map(({ path, message }) => [path, message]))
}

type Range = { least: number; most: number; whole?: boolean; optional?: boolean }
/** From half a minute, because what is due at once is overdue at once, to a year. */
const HOURS: Range = { least: 0.01, most: 8_760 }
const MORE_HOURS: Range = { ...HOURS, optional: true }
const UNDO: Range = { least: 0, most: 86_400, whole: true }
const SAMPLE: Range = { least: 0, most: 100, optional: true }
const SECONDS: Range = { least: 1, most: 120, optional: true }
const count = new Intl.NumberFormat('en')

/** `range` is false where nobody asks for it. */
function numberIn(path: string, text: string, range: Range | false): Found[] {
  if (range === false || (text.trim() === '' && range.optional)) return []
  const { least, most, whole } = range
  const value = Number(text)
  if (isNumber(text) && value >= least && value <= most && (!whole || Number.isInteger(value))) return []
  const written = /[,\s]/.test(text.trim()) ? ' Write it without commas and spaces.' : ''
  const kind = whole ? 'a whole number' : 'a number'
  const message = `Write ${kind} from ${count.format(least)} to ${count.format(most)}.${written}`
  return [{ path, message, isMissing: false }]
}

function empty(path: string, text: string, message: string): Found[] {
  return text.trim() === '' ? [{ path, message, isMissing: true }] : []
}

function inRule({ label, when, dueHours }: RuleDraft, path: string): Found[] {
  return [
    ...empty(`${path}.label`, label, 'Write why more is asked, as its reviewer should read it.'),
    ...(when.if === 'value' ? inValue(when, path) : []),
    ...numberIn(`${path}.ask.dueHours`, dueHours, MORE_HOURS),
  ]
}

function inValue({ at, be, value, values, pattern }: RuleDraft['when'], path: string): Found[] {
  if (at === '') return empty(`${path}.when.at`, at, 'Choose what of the answer it looks at.')
  const is = `${path}.when.is`
  switch (be) {
    case 'more_than':
    case 'less_than': {
      if (isNumber(String(value))) return []
      const message = 'Write a plain number, such as 1000 or 0.5, without commas and spaces.'
      return [{ path: is, message, isMissing: value === '' }]
    }
    case 'equal':
      return empty(is, String(value), 'Write or choose what it must be.')
    case 'one_of':
      return empty(is, values, 'Write each value on a line of its own.')
    case 'matching':
      return empty(is, pattern, 'Write the pattern that it must match.')
    default:
      return []
  }
}

function inDelivery({ delivery }: PolicyDraft): Found[] {
  const { headerName, headerEnv } = delivery
  switch (delivery.kind) {
    case 'http':
      return [
        ...empty(
          'delivery.url',
          delivery.url,
          'Write the address that it goes to, such as https://api.example.org/orders.',
        ),
        ...(headerEnv.trim() === ''
          ? []
          : empty('delivery.secretHeader.name', headerName, 'Write the name of the header, such as authorization.')),
        ...(headerName.trim() === ''
          ? []
          : empty(
              'delivery.secretHeader.env',
              headerEnv,
              'Write which variable of the worker’s environment holds it.',
            )),
        ...numberIn('delivery.timeoutSeconds', delivery.timeoutSeconds, SECONDS),
      ]
    case 'email':
      return [
        ...inSource('delivery.to', delivery.to, 'the address'),
        ...inSource('delivery.subject', delivery.subject, 'the subject'),
        ...inSource('delivery.text', delivery.text, 'the text'),
      ]
    case 'file':
      return empty('delivery.folder', delivery.folder, 'Write the folder, such as approved/letters.')
    case 'by_hand':
      return empty('delivery.instructions', delivery.instructions, 'Write what somebody does with it.')
    case 'none':
      return []
  }
}

function inSource(path: string, source: SourceDraft, what: string): Found[] {
  if (source.from === 'value') return empty(path, source.value, `Write ${what}.`)
  return empty(path, source[source.from], `Choose where ${what} stands.`)
}

/** What is wrong at `path`, or at a field within it. */
export function problemAt(problems: Problems, path: string): string | undefined {
  return problems[path] ?? Object.entries(problems).find(([at]) => at.startsWith(`${path}.`))?.[1]
}
