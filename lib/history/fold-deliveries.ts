/** What was let leave, as it stood at a moment: folded from the events that name it. Pure. */
import type { Delivery, DeliveryTry } from '@/lib/generated/prisma/client'
import { isStill, type Then, type Told } from './then'

type Logged = Delivery & { log: DeliveryTry[] }

/** Those that an acceptance had put into the outbox, oldest first, each where it stood. */
export function deliveriesThen<D extends Logged>(deliveries: readonly D[], then: Then): D[] {
  return deliveries.filter(({ eventSeq }) => eventSeq <= then.seq).map((delivery) => deliveryThen(delivery, then))
}

/** How a delivery stands by `events`. `code` is why, where no try is under way; `confirmed` is who said that it arrived. */
export function deliveryStanding(
  events: readonly Told[],
  { id, eventSeq }: Pick<Delivery, 'id' | 'eventSeq'>,
): { state: string; last: Told | undefined; code: string | null; confirmed: Told | undefined } {
  const steps = events.filter((event) => event.seq > eventSeq && isAbout(event, id))
  const last = steps.at(-1)
  return {
    state: last === undefined ? 'pending' : stateAfter(last, id),
    last,
    code: codeAfter(steps),
    confirmed: steps.findLast(({ body }) => body.command === 'confirm'),
  }
}

function deliveryThen<D extends Logged>(delivery: D, then: Then): D {
  const { state, last, code, confirmed } = deliveryStanding(then.events, delivery)
  const runs = runsOf(delivery, then)
  const log = runs.flatMap(({ begun, isOver, entries }) =>
    begun.seq > then.seq ? [] : isOver ? entries : entries.filter((entry) => wasWrittenDown(entry, then)),
  )
  const newest = log.at(-1)
  const sinceBegun = runs.findLast(({ begun }) => begun.seq <= then.seq)?.entries.some((entry) => log.includes(entry))
  const isUnderWay = isStill(then) ? delivery.workerId !== null : state === 'sending' && sinceBegun === false
  return {
    ...delivery,
    state,
    changedSeq: last?.seq ?? delivery.eventSeq,
    changedAt: last?.at ?? delivery.createdAt,
    tries: log.length + (isUnderWay ? 1 : 0),
    workerId: isUnderWay ? delivery.id : null,
    nextTryAt: isStill(then) ? delivery.nextTryAt : null,
    triedAt: newest?.at ?? null,
    httpStatus: newest?.httpStatus ?? null,
    answerSha256: newest?.answerSha256 ?? null,
    code: state === 'sending' ? (newest?.code ?? null) : code,
    reference: confirmed === undefined ? null : delivery.reference,
    log,
  }
}

function isAbout({ body }: Told, id: string): boolean {
  return body.withdrawn?.includes(id) === true || (body.delivery?.id === id && body.delivery.state !== undefined)
}

function stateAfter({ body }: Told, id: string): string {
  return body.withdrawn?.includes(id) ? 'withdrawn' : (body.delivery?.state ?? 'pending')
}

type Run = { begun: Told; isOver: boolean; entries: DeliveryTry[] }

/** The tries, by the event that began them: each `dispatch` is the beginning of the first of several. */
function runsOf({ id, log }: Logged, { events, later, seq }: Then): Run[] {
  const about = [...events, ...later].filter(({ body }) => body.delivery?.id === id)
  const runs: Run[] = about
    .filter(({ body }) => body.command === 'dispatch')
    .map((begun) => {
      const end = about.find((event) => event.seq > begun.seq && ENDS.includes(event.body.command))
      return { begun, isOver: end !== undefined && end.seq <= seq, entries: [] }
    })
  let at = -1
  for (const entry of log) {
    const next = runs[at + 1]
    if (next !== undefined && (at < 0 || entry.at.getTime() === next.begun.at.getTime())) at += 1
    runs[at]?.entries.push(entry)
  }
  return runs
}

const ENDS: readonly string[] = ['delivered', 'undelivered']

/** A try is written down when it is over. */
function wasWrittenDown({ at, milliseconds }: DeliveryTry, then: Then): boolean {
  return isStill(then) || at.getTime() + (milliseconds ?? 0) < then.at.getTime()
}

/** Why it stands where it does: the word of the last event that gave one. */
function codeAfter(steps: readonly Told[]): string | null {
  return steps.reduce<string | null>((before, { body }) => {
    if (body.command === 'redeliver') return null
    if (body.command === 'delivered' || body.command === 'undelivered') return body.delivery?.code ?? null
    return before
  }, null)
}
