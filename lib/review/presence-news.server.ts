/**
 * Who began or ceased to look at what, as this process heard of it. On a channel of its own: that somebody looks at a job
 * changes nothing of the job, and must not make every list be read again.
 */
import { randomUUID } from 'node:crypto'
import type { Tx } from '@/lib/store/db.server'
import { type Listener, listen } from '@/lib/store/listen.server'

const CHANNEL = 'holdpoint_presence'

type News = { listener: Listener; epoch: string; count: number }

const holder = globalThis as unknown as { holdpointPresence?: News }

function news(): News {
  if (holder.holdpointPresence) return holder.holdpointPresence
  const state: News = {
    epoch: randomUUID().slice(0, 8),
    count: 0,
    listener: listen(
      CHANNEL,
      () => {
        state.count += 1
      },
      // Whatever happened while nobody listened counts as news.
      () => {
        state.epoch = randomUUID().slice(0, 8)
      },
    ),
  }
  holder.holdpointPresence = state
  return state
}

/** Changes with every arrival and leave, as a part of an ETag; null while they are not heard. */
export function presenceMark(): string | null {
  const { listener, epoch, count } = news()
  return listener.isUp() ? `${epoch}-${count}` : null
}

/** Tells every process that somebody came or left, once the transaction commits. */
export async function tellOfPresence(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_notify(${CHANNEL}, '')`
}

/** Stops hearing of it, for a process that ends. */
export async function stopHearingPresence(): Promise<void> {
  const state = holder.holdpointPresence
  holder.holdpointPresence = undefined
  await state?.listener.close()
}
