/** The figures as they are sent: worked out at most once a second in a process, however many people watch. */
import { createHash } from 'node:crypto'
import type { Db } from '@/lib/store/db.server'
import { readDepth, readOverview } from './figures.server'
import type { QueueDepth, QueueOverview } from './figures-view'
import type { Period } from './period'

/** An answer with its tag. Without changes the tag stays for some seconds, so that an unchanged poll is a 304. */
export type Answer<T> = { value: T; tag: string }

/** As long as an answer serves everybody who asks: about as often as the figures change. */
const SERVES_MS = 1_000
/** "As of" is part of the answer, and moves on every second: so often it is sent anew where nothing else has changed. */
const SAME_FOR_MS = 10_000

/** Workflows times periods: more would only be kept for nobody. */
const MOST_KEPT = 200

/** One answer for everybody who asks within a second. What failed is not kept: the next one asks again. */
function keeper<T extends QueueOverview | QueueDepth>() {
  const kept = new Map<string, { at: number; answer: Promise<Answer<T> | null> }>()
  return (name: string, read: () => Promise<T | null>): Promise<Answer<T> | null> => {
    const now = Date.now()
    const before = kept.get(name)
    if (before !== undefined && now - before.at < SERVES_MS) return before.answer
    const answer = read().then((value) => (value === null ? null : { value, tag: tagOf(value) }))
    kept.delete(name)
    kept.set(name, { at: now, answer })
    answer.catch(() => kept.delete(name))
    const oldest = kept.keys().next().value
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest)
    return answer
  }
}

const overviews = keeper<QueueOverview>()
const depths = keeper<QueueDepth>()

function tagOf({ asOf, sweptAt, stretch, ...rest }: QueueOverview | QueueDepth): string {
  const slot = Math.floor(Date.parse(asOf) / SAME_FOR_MS)
  const text = JSON.stringify([slot, sweptAt === null, rest])
  return `W/"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`
}

/** Everything on /queues. */
export async function overviewAnswer(db: Db, period: Period): Promise<Answer<QueueOverview>> {
  const answer = await overviews(period, () => readOverview(db, period))
  if (answer === null) throw new Error('there is always an overview')
  return answer
}

/** Everything on the page of one queue; null where there is no such workflow. */
export function depthAnswer(db: Db, key: string, period: Period): Promise<Answer<QueueDepth> | null> {
  return depths(`${period} ${key}`, () => readDepth(db, key, period))
}
