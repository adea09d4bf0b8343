/** Whether what people read of rows that go on changing is what the events come to. Pure. */
import { referenceHash } from '@/lib/deliveries/reference'
import { deliveryStanding } from '@/lib/history/fold-deliveries'
import { foldDesk } from '@/lib/history/fold-job'
import type { Told } from '@/lib/history/then'
import type { Tell } from './check-job'
import type { Finding } from './findings'

/** Rows beside the records, as far as events say what is in them. */
export type AuditShown = {
  priority: number
  failureClass: string | null
  failureCode: string | null
  deliveries: readonly ShownDelivery[]
  decisions: readonly ShownDecision[]
  marks: readonly ShownMark[]
}

export type ShownDelivery = {
  id: string
  number: number
  eventSeq: number
  state: string
  changedSeq: number
  changedAt: Date
  triedAt: Date | null
  httpStatus: number | null
  code: string | null
  answerSha256: string | null
  reference: string | null
  /** Of the tries that were written down, which are records; null where there is none. */
  newest: { at: Date; httpStatus: number | null; code: string | null; answerSha256: string | null } | null
}

export type ShownDecision = { eventSeq: number; voidedAt: Date | null }

export type ShownMark = {
  eventSeq: number
  claim: number
  verdict: string
  userId: string
  resultHash: string
  at: Date
}

type Pair = [name: string, said: unknown, stands: unknown]

export function shownFindings(shown: AuditShown, told: readonly Told[], tell: Tell): Finding[] {
  return [
    ...differing('the', ' of its row', jobPairs(shown, told), tell),
    ...shown.deliveries.flatMap((one) => {
      return differing(`delivery ${one.number}: its`, '', deliveryPairs(one, told), tell)
    }),
    ...decisionFindings(shown.decisions, told, tell),
    ...markFindings(shown.marks, told, tell),
  ]
}

function differing(before: string, after: string, pairs: readonly Pair[], tell: Tell): Finding[] {
  return pairs
    .map(([name, said, stands]): Pair => [name, wordOf(said), wordOf(stands)])
    .filter(([, said, stands]) => said !== stands)
    .map(([name, said, stands]) =>
      tell('row_changed', `${before} ${name}${after} is not what the events come to.`, {
        expected: String(said),
        found: String(stands),
      }),
    )
}

const wordOf = (value: unknown) => (value instanceof Date ? value.toISOString() : value)

function jobPairs({ priority, failureClass, failureCode }: AuditShown, told: readonly Told[]): Pair[] {
  const folded = foldDesk(told)
  return [
    // The one that it began with is in no event.
    ['priority', told.findLast(({ body }) => body.priority !== undefined)?.body.priority?.to ?? priority, priority],
    ['failure class', folded.failureClass, failureClass],
    ['failure code', folded.failureCode, failureCode],
  ]
}

function deliveryPairs(delivery: ShownDelivery, told: readonly Told[]): Pair[] {
  const { newest, reference } = delivery
  const { state, last, code, confirmed } = deliveryStanding(told, delivery)
  const own = told.find(({ seq }) => seq === delivery.eventSeq)
  const said = confirmed?.body.delivery?.reference
  return [
    ['state', state, delivery.state],
    ['last event', last?.seq ?? delivery.eventSeq, delivery.changedSeq],
    ['time of its last change', last?.at ?? own?.at, delivery.changedAt],
    ['reference', confirmed === undefined ? null : (said ?? hashOf(reference)), hashOf(reference)],
    ...(state === 'sending' ? underWay(delivery) : [['code', code, delivery.code] satisfies Pair]),
    // While it is under way the newest try is not written down yet.
    ...(state === 'sending' || newest === null
      ? []
      : ([
          ['last try', newest.at, delivery.triedAt],
          ['HTTP status', newest.httpStatus, delivery.httpStatus],
          ['answer', newest.answerSha256, delivery.answerSha256],
        ] satisfies Pair[])),
  ]
}

/** It has the code of its newest try, or none where that was before somebody sent it again. */
function underWay({ code, newest }: ShownDelivery): Pair[] {
  return code === null ? [] : [['code', newest?.code ?? null, code]]
}

const hashOf = (reference: string | null) => (reference === null ? null : referenceHash(reference))

function decisionFindings(decisions: readonly ShownDecision[], told: readonly Told[], tell: Tell): Finding[] {
  const voided = voidedOf(new Set(decisions.map(({ eventSeq }) => eventSeq)), told)
  return decisions.flatMap(({ eventSeq, voidedAt }) => {
    const [expected, found] = [voided.get(eventSeq)?.toISOString() ?? 'nothing', voidedAt?.toISOString() ?? 'nothing']
    if (expected === found) return []
    const sentence = `when the decision of event ${eventSeq} was taken back is not what the events come to.`
    return [tell('row_changed', sentence, { event: eventSeq, expected, found })]
  })
}

/** When which decisions were taken back: by an edit of what they were about, or by an undo, which takes back the last one. */
function voidedOf(decisions: ReadonlySet<number>, told: readonly Told[]): Map<number, Date> {
  const voided = new Map<number, Date>()
  for (const { seq, at, body } of told) {
    if (body.command !== 'revise' && body.command !== 'undo') continue
    // An undo names the round that it opens.
    const number = (body.round?.number ?? 0) - (body.command === 'undo' ? 1 : 0)
    const inRound = told.filter(
      (one) => one.seq < seq && decisions.has(one.seq) && !voided.has(one.seq) && one.body.round?.number === number,
    )
    const undone =
      body.command === 'undo'
        ? inRound.slice(-1)
        : inRound.filter((one) => ['approve', 'endorse'].includes(one.body.command))
    for (const one of undone) voided.set(one.seq, at)
  }
  return voided
}

function markFindings(marks: readonly ShownMark[], told: readonly Told[], tell: Tell): Finding[] {
  const said = told.flatMap(({ seq, at, body }): ShownMark[] =>
    (body.marks ?? []).map(({ claim, verdict }) => ({
      eventSeq: seq,
      claim,
      verdict,
      userId: body.actor.id ?? '',
      resultHash: body.result ?? '',
      at,
    })),
  )
  const [expected, found] = [marksByEvent(said), marksByEvent(marks)]
  return [...new Set([...expected.keys(), ...found.keys()])].flatMap((event) => {
    if (expected.get(event) === found.get(event)) return []
    const sentence = `the marks of event ${event} are not what it says.`
    const more = { expected: expected.get(event) ?? 'nothing', found: found.get(event) ?? 'nothing' }
    return [tell('row_changed', sentence, { event, ...more })]
  })
}

function marksByEvent(marks: readonly ShownMark[]): Map<number, string> {
  const words = ({ claim, verdict, userId, resultHash, at }: ShownMark) =>
    `${claim} ${verdict} by ${userId} at ${at.toISOString()} on ${resultHash}`
  return new Map(
    [...Map.groupBy(marks, ({ eventSeq }) => eventSeq)].map(([event, of]) => [
      event,
      of.map(words).toSorted().join(', '),
    ]),
  )
}
