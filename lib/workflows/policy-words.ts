/** What a review policy and a delivery say, in words for people. Pure. */
import { stricterOf } from '@/lib/review/stricter'
import type {
  DeliveryDefinition,
  JsonSchema,
  Risk,
  RiskRule,
  StepRole,
  TextSource,
  WorkflowDefinition,
} from './definition'
import { numberWords, spanWords } from './words'

type Review = WorkflowDefinition['review']

/** What a policy, or a round, asks of people. */
export type Asked = Pick<Review, 'approvals' | 'requesterMayApprove' | 'roles' | 'blind' | 'individually'>

const or = new Intl.ListFormat('en', { type: 'disjunction' })

export const stepRoleWords: Record<StepRole, { one: string; another: string }> = {
  reviewer: { one: 'a reviewer', another: 'another reviewer' },
  support: { one: 'somebody from support', another: 'somebody else from support' },
  lead: { one: 'a lead', another: 'another lead' },
  owner: { one: 'an owner', another: 'another owner' },
}

export const riskRankWords: Record<Risk, string> = {
  normal: 'normal',
  raised: 'raised risk',
  high: 'high risk',
}

const COUNTED = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']

/** Who approves, inside a sentence: "two different people", "a reviewer, then a lead". */
export function peopleWords({ approvals, roles = [] }: Pick<Asked, 'approvals' | 'roles'>): string {
  if (roles.length > 0) {
    const named = roles.map((role, index) => stepRoleWords[role][roles.indexOf(role) === index ? 'one' : 'another'])
    return named.join(', then ')
  }
  if (approvals === 0) return 'nobody, once every check passes'
  return approvals === 1 ? 'one person' : `${COUNTED[approvals] ?? approvals} different people`
}

/** What `asked` says beside how many, inside a sentence and in its order. */
function conditionsOf({ approvals, requesterMayApprove, blind, individually }: Asked): string[] {
  return [
    ...(requesterMayApprove || approvals === 0 ? [] : ['not whoever asked for it']),
    ...(blind && approvals > 1 ? ['nobody sees what the others decided'] : []),
    ...(individually && approvals > 0 ? ['each result by itself'] : []),
  ]
}

/** All that is asked of people, inside a sentence: "two different people; not whoever asked for it". */
export function askedWords(asked: Asked): string {
  return [peopleWords(asked), ...conditionsOf(asked)].join('; ')
}

/** Who must look at a result, as one sentence. Its rules by risk are sentences of their own: `riskRuleWords`. */
export function reviewWords(review: Review): string {
  const sample =
    review.approvals === 0 && review.samplePercent ? [`${percentWords(review.samplePercent)} are held as a sample`] : []
  return capital([askedWords(review), ...sample].join('; '))
}

/** "5 %": with a space that does not break. */
export const percentWords = (percent: number) => `${numberWords(percent)}\u00a0%`

/** What a rule over the result adds to `review`: "If the amount is above 1,000: two different people; high risk". */
export function riskRuleWords({ label, ask, risk = 'raised' }: RiskRule, review: Review): string {
  return `If ${insideWords(label)}: ${[...addedWords(ask, review), riskRankWords[risk]].join('; ')}`
}

/** What `ask` asks for that `review` does not, inside a sentence. Empty where that is nothing. */
export function addedWords(ask: RiskRule['ask'], review: Review): string[] {
  const asked = stricterOf(review, ask)
  const hasMore = asked.approvals !== review.approvals || asked.roles.join() !== (review.roles ?? []).join()
  const before = conditionsOf(review)
  return [
    ...(hasMore ? [peopleWords(asked)] : []),
    ...conditionsOf(asked).filter((condition) => !before.includes(condition)),
    ...(ask.dueHours === undefined || ask.dueHours === review.dueHours
      ? []
      : [`due after ${spanWords(ask.dueHours * 3_600)}`]),
  ]
}

/** A statement as part of a sentence: "The amount is above 1,000." is "the amount is above 1,000", "EU only" stays. */
export function insideWords(statement: string): string {
  const bare = statement.trim().replace(/[.]$/, '')
  const [first = ''] = bare.split(/\s/)
  const isName = first.length > 1 && first.slice(1) !== first.slice(1).toLowerCase()
  return isName ? bare : `${bare.charAt(0).toLowerCase()}${bare.slice(1)}`
}

/** When a rule applies, exactly: "/amount is more than 1,000". */
export function conditionWords(when: RiskRule['when']): string {
  switch (when.if) {
    case 'value':
      return `${placeWords(when.at)} ${isWords(when.is)}`
    case 'claims_unsupported':
      return 'a claim stands in no document'
    case 'checks_failed':
      return when.ids === undefined ? 'a check fails' : `${or.format(when.ids.map((id) => `“${id}”`))} fails`
    case 'leaves':
      return when.outside === undefined
        ? 'something is delivered'
        : `it goes to an e-mail address outside ${or.format(when.outside)}`
  }
}

const placeWords = (at: string) => (at === '' ? 'the whole answer' : at.includes('*') ? `any ${at}` : at)

function isWords(is: Extract<RiskRule['when'], { if: 'value' }>['is']): string {
  switch (is.be) {
    case 'present':
      return 'is there and not empty'
    case 'equal':
      return `is ${JSON.stringify(is.value)}`
    case 'one_of':
      return `is ${or.format(is.values.map((value) => JSON.stringify(value)))}`
    case 'more_than':
      return `is more than ${numberWords(is.value)}`
    case 'less_than':
      return `is less than ${numberWords(is.value)}`
    case 'matching':
      return `matches ${is.pattern}`
  }
}

/** When a review is due and what happens then: "Due after 24 hours, then it expires". */
export function deadlineWords({ dueHours, atDeadline, escalateHours = 24 }: Review): string {
  const due = `Due after ${spanWords(dueHours * 3_600)}`
  if (atDeadline !== 'escalates') return `${due}, then it expires`
  return `${due}, then the leads are told; ${spanWords(escalateHours * 3_600)} later it expires`
}

/** How long an approval can be taken back. */
export function undoWords({ undoSeconds }: Review): string {
  return undoSeconds === 0 ? 'Never' : `For ${spanWords(undoSeconds)}, unless something has left by then`
}

/** What leaves when a result is accepted, and where to, as one sentence. `inputSchema`: the form, for its titles. */
export function deliveryWords(delivery: DeliveryDefinition, inputSchema: JsonSchema): string {
  switch (delivery.kind) {
    case 'none':
      return 'Nothing leaves'
    case 'http':
      return `Signed request to ${delivery.url}`
    case 'email':
      return `E-mail to ${addressWords(delivery.to, inputSchema)}`
    case 'file':
      return `File in ${delivery.folder}`
    case 'by_hand':
      return `By hand: ${delivery.instructions}`
  }
}

function addressWords(to: TextSource, inputSchema: JsonSchema): string {
  return 'value' in to ? to.value : `the address ${sourceWords(to, inputSchema)}`
}

/** Where a text comes from: "in the input “Customer e-mail”", "at /subject of the result", or the text itself. */
export function sourceWords(source: TextSource, inputSchema: JsonSchema): string {
  if ('value' in source) return `“${source.value}”`
  if ('input' in source) return `in the input “${inputTitle(source.input, inputSchema)}”`
  return source.result === '' ? 'of the whole result' : `at ${source.result} of the result`
}

function inputTitle(pointer: string, { properties }: JsonSchema): string {
  const name = pointer.slice(1).replaceAll('~1', '/').replaceAll('~0', '~')
  const known = typeof properties === 'object' && properties !== null && Object.hasOwn(properties, name)
  const { title } = known ? ((properties as Record<string, { title?: unknown }>)[name] ?? {}) : {}
  return typeof title === 'string' ? title : name
}

/** What goes with a delivery, each with its name: what is sent, signed with what, how long an answer may take. */
export function deliveryDetails(
  delivery: DeliveryDefinition,
  inputSchema: JsonSchema,
): [name: string, words: string][] {
  switch (delivery.kind) {
    case 'http':
      return [
        ['What is sent', placedWords(delivery.body, 'The whole result, in an envelope')],
        [
          'Signed with',
          delivery.signingSecretEnv ? `The secret in ${delivery.signingSecretEnv}` : 'Holdpoint’s own secret',
        ],
        ...(delivery.secretHeader
          ? [['Header', `${delivery.secretHeader.name}, from ${delivery.secretHeader.env}`] as [string, string]]
          : []),
        ['An answer may take', spanWords(delivery.timeoutSeconds ?? 30)],
      ]
    case 'email':
      return [
        ['Subject', capital(sourceWords(delivery.subject, inputSchema))],
        ['Text', capital(sourceWords(delivery.text, inputSchema))],
      ]
    case 'file':
      return [['What is written', placedWords(delivery.content, 'The whole result, as JSON')]]
    default:
      return []
  }
}

const placedWords = (pointer: string | undefined, whole: string) =>
  pointer === undefined || pointer === '' ? whole : `What stands at ${pointer} of the result`

const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`

/** A policy in the sentences that its page shows, each with its name. */
export function policyLines({ review, delivery, inputSchema }: Policied): [name: string, words: string][] {
  return [
    ['Must be approved by', reviewWords(review)],
    ...(review.byRisk ?? []).map((rule): [string, string] => [
      'More is asked',
      `${riskRuleWords(rule, review)} (${conditionWords(rule.when)})`,
    ]),
    ['A review is', insideWords(deadlineWords(review))],
    ['An approval can be taken back', insideWords(undoWords(review))],
    ['When it is accepted', deliveryWords(delivery, inputSchema)],
    ...deliveryDetails(delivery, inputSchema),
  ]
}

type Policied = Pick<WorkflowDefinition, 'review' | 'delivery' | 'inputSchema'>

/** A line of a policy that says something else, or nothing, or something new. */
export type PolicyChange = { name: string; before: string[]; after: string[] }

/** What two policies say differently, line by line. Empty where they ask for the same. */
export function policyChanges(before: Policied, after: Policied): PolicyChange[] {
  const old = policyLines(before)
  const current = policyLines(after)
  const of = (lines: [string, string][], name: string) => lines.filter(([of]) => of === name).map(([, words]) => words)
  return [...new Set([...current, ...old].map(([name]) => name))].flatMap((name): PolicyChange[] => {
    const one = of(old, name)
    const other = of(current, name)
    return one.join('\n') === other.join('\n') ? [] : [{ name, before: one, after: other }]
  })
}
