/**
 * When words of jobs were last read anew, as this process heard of it. On a channel of its own: it changes nothing of a
 * job, and must not make every list be read again.
 */
import { randomUUID } from 'node:crypto'
import { type Listener, listen } from '@/lib/store/listen.server'

type News = { listener: Listener; epoch: string; count: number }

const holder = globalThis as unknown as { holdpointSearch?: News }

function news(): News {
  if (holder.holdpointSearch) return holder.holdpointSearch
  const state: News = {
    epoch: randomUUID().slice(0, 8),
    count: 0,
    listener: listen(
      'holdpoint_search',
      () => {
        state.count += 1
      },
      // Whatever happened while nobody listened counts as news.
      () => {
        state.epoch = randomUUID().slice(0, 8)
      },
    ),
  }
  holder.holdpointSearch = state
  return state
}

/** Changes whenever words were read, or a saved view changed, as a part of an ETag; null while that is not heard. */
export function searchMark(): string | null {
  const { listener, epoch, count } = news()
  return listener.isUp() ? `${epoch}-${count}` : null
}

/** Stops hearing of it, for a process that ends. */
export async function stopHearingSearch(): Promise<void> {
  const state = holder.holdpointSearch
  holder.holdpointSearch = undefined
  await state?.listener.close()
}
