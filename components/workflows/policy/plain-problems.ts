/** What is wrong with a draft that anyone can see without asking the server, in the words of the form. Pure. */
import { isNumber, type PolicyDraft, type RuleDraft, type SourceDraft } from './draft'

/** Sentences by the path of the field in a workflow's file: "review.byRisk.0.label". */
export type Problems = Record<string, string>

/** All of it, in the order of the form. */
export function plainProblems(draft: PolicyDraft): Problems {
  return {
    ...numberProblem('review.dueHours', draft.dueHours, HOURS),
    ...(draft.atDeadline === 'escalates'
      ? numberProblem('review.escalateHours', draft.escalateHours, { ...HOURS, optional: true })
      : {}),
    ...numberProblem('review.undoSeconds', draft.undoSeconds, { least: 0, most: 86_400, whole: true }),
    ...(draft.approvals === 0
      ? numberProblem('review.samplePercent', draft.samplePercent, { least: 0, most: 100, optional: true })
      : {}),
    ...Object.assign({}, ...draft.rules.map((rule, index) => ruleProblems(rule, `review.byRisk.${index}`))),
    ...deliveryProblems(draft),
  }
}

type Range = { least: number; most: number; whole?: boolean; optional?: boolean }
/** From half a minute to a year: what is due at once is overdue at once. */
const HOURS: Range = { least: 0.01, most: 8_760 }
const count = new Intl.NumberFormat('en')

function numberProblem(path: string, text: string, { least, most, whole, optional }: Range): Problems {
  if (text.trim() === '' && optional) return {}
  const kind = whole ? 'a whole number' : 'a number'
  const value = Number(text)
  const fits = isNumber(text) && value >= least && value <= most && (!whole || Number.isInteger(value))
  if (fits) return {}
  const written = /[,\s]/.test(text.trim()) ? ' Write it without commas and spaces.' : ''
  return { [path]: `Write ${kind} from ${count.format(least)} to ${count.format(most)}.${written}` }
}

function ruleProblems({ label, when, dueHours }: RuleDraft, path: string): Problems {
  return {
    ...emptyProblem(`${path}.label`, label, 'Write why more is asked, as its reviewer should read it.'),
    ...(when.if === 'value' ? valueProblems(when, path) : {}),
    ...numberProblem(`${path}.ask.dueHours`, dueHours, { ...HOURS, optional: true }),
  }
}

function valueProblems({ at, be, value, values, pattern }: RuleDraft['when'], path: string): Problems {
  if (at === '') return { [`${path}.when.at`]: 'Choose what of the answer it looks at.' }
  const is = `${path}.when.is`
  if (be === 'more_than' || be === 'less_than') {
    const isFine = typeof value === 'number' || (typeof value === 'string' && isNumber(value))
    return isFine ? {} : { [is]: 'Write a plain number, such as 1000 or 0.5, without commas and spaces.' }
  }
  if (be === 'equal' && value === '') return { [is]: 'Write or choose what it must be.' }
  if (be === 'one_of') return emptyProblem(is, values, 'Write each value on a line of its own.')
  return be === 'matching' ? emptyProblem(is, pattern, 'Write the pattern that it must match.') : {}
}

function emptyProblem(path: string, text: string, message: string): Problems {
  return text.trim() === '' ? { [path]: message } : {}
}

function deliveryProblems({ delivery }: PolicyDraft): Problems {
  switch (delivery.kind) {
    case 'http':
      return {
        ...emptyProblem(
          'delivery.url',
          delivery.url,
          'Write the address that it goes to, such as https://api.example.org/orders.',
        ),
        ...(delivery.headerName.trim() === '' && delivery.headerEnv.trim() !== ''
          ? { 'delivery.secretHeader.name': 'Write the name of the header, such as authorization.' }
          : {}),
        ...(delivery.headerName.trim() !== '' && delivery.headerEnv.trim() === ''
          ? { 'delivery.secretHeader.env': 'Write which variable of the worker’s environment holds its value.' }
          : {}),
        ...numberProblem('delivery.timeoutSeconds', delivery.timeoutSeconds, { least: 1, most: 120, optional: true }),
      }
    case 'email':
      return {
        ...sourceProblem('delivery.to', delivery.to, 'the address'),
        ...sourceProblem('delivery.subject', delivery.subject, 'the subject'),
        ...sourceProblem('delivery.text', delivery.text, 'the text'),
      }
    case 'file':
      return emptyProblem('delivery.folder', delivery.folder, 'Write the folder, such as approved/letters.')
    case 'by_hand':
      return emptyProblem('delivery.instructions', delivery.instructions, 'Write what somebody does with it.')
    default:
      return {}
  }
}

function sourceProblem(path: string, source: SourceDraft, what: string): Problems {
  if (source.from === 'value') return emptyProblem(path, source.value, `Write ${what}.`)
  // The whole answer is a place too, but none that an e-mail can be made of.
  return emptyProblem(path, source[source.from], `Choose where ${what} stands.`)
}

/** What is wrong at `path`, or at a field within it; what is seen without asking goes first. */
export function problemAt(problems: Problems, path: string): string | undefined {
  return problems[path] ?? Object.entries(problems).find(([at]) => at.startsWith(`${path}.`))?.[1]
}
