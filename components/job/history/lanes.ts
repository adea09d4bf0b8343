/** The history of a job as two lanes on one axis of time: what OpenAI did, and what we did. Pure. */
import type { AttemptView, EventView, JobView, ObservationView } from '@/lib/jobs/view'

export type Entry =
  | { kind: 'event'; lane: 'ours'; key: string; at: string; event: EventView }
  | { kind: 'seen'; lane: 'provider'; key: string; at: string; look: ObservationView }
  /** Looks one after the other in which nothing was new. */
  | { kind: 'unchanged'; lane: 'provider'; key: string; at: string; until: string; looks: ObservationView[] }
  | { kind: 'accepted' | 'finished'; lane: 'provider'; key: string; at: string; attempt: AttemptView }

/** A look that brought nothing: it was answered well, and the answer was the one before. */
export function broughtNothing(look: ObservationView): boolean {
  const answeredWell = look.httpStatus !== null && look.httpStatus >= 200 && look.httpStatus < 300
  return look.kind === 'look' && !look.changed && answeredWell && look.errorCode === null
}

/** Everything that happened, in the order of time. Two or more looks in a row that brought nothing are one entry. */
export function historyOf(job: Pick<JobView, 'events' | 'observations' | 'attempts'>): Entry[] {
  const entries: Entry[] = [
    ...job.events.map((event): Entry => ({ kind: 'event', lane: 'ours', key: `e${event.seq}`, at: event.at, event })),
    ...job.attempts.flatMap((attempt) => momentsOf(attempt, job.observations)),
    ...job.observations.map(
      (look): Entry => ({ kind: 'seen', lane: 'provider', key: `o${look.id}`, at: look.at, look }),
    ),
  ]
  const moment = momentIn(job.observations)
  return foldLooks(entries.sort((one, other) => byTime(one, other, moment)))
}

/** OpenAI's clock has whole seconds: by it, a short run would have ended before it was sent. */
function momentIn(looks: readonly ObservationView[]): (entry: Entry) => number {
  return (entry) => {
    const at = Date.parse(entry.at)
    if (entry.kind !== 'finished') return at
    const { number, sentAt } = entry.attempt
    const taken = looks.find((look) => look.kind === 'create' && look.attempt === number)?.at ?? sentAt
    return Math.max(at, Date.parse(taken) + 1)
  }
}

/**
 * When OpenAI took an attempt, where no call of ours tells it already (a webhook may have found it), and when OpenAI
 * says, by its own clock, that it finished.
 */
function momentsOf(attempt: AttemptView, looks: readonly ObservationView[]): Entry[] {
  const moments: Entry[] = []
  const { number, acceptedAt, finishedAt } = attempt
  const told = looks.some((look) => look.kind === 'create' && look.attempt === number && look.providerStatus !== null)
  if (acceptedAt !== null && !told)
    moments.push({ kind: 'accepted', lane: 'provider', key: `a${number}`, at: acceptedAt, attempt })
  if (finishedAt !== null)
    moments.push({ kind: 'finished', lane: 'provider', key: `f${number}`, at: finishedAt, attempt })
  return moments
}

/** Within one moment: what came of it stands below what caused it. */
const ORDER: Record<Entry['kind'], number> = { accepted: 0, finished: 1, seen: 2, unchanged: 2, event: 3 }

function byTime(one: Entry, other: Entry, moment: (entry: Entry) => number): number {
  if (one.kind === 'event' && other.kind === 'event') return one.event.seq - other.event.seq
  return moment(one) - moment(other) || ORDER[one.kind] - ORDER[other.kind]
}

function foldLooks(entries: Entry[]): Entry[] {
  const folded: Entry[] = []
  for (const entry of entries) {
    const last = folded.at(-1)
    const foldable = entry.kind === 'seen' && broughtNothing(entry.look)
    if (foldable && last?.kind === 'unchanged' && last.looks[0]?.attempt === entry.look.attempt) {
      last.looks.push(entry.look)
      last.until = entry.at
    } else if (foldable) {
      folded.push({ ...entry, kind: 'unchanged', until: entry.at, looks: [entry.look] })
    } else {
      folded.push(entry)
    }
  }
  return folded
}
