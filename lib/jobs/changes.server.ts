/**
 * When anything about jobs last changed, as this process heard it. PostgreSQL delivers notices in commit order, so a
 * transaction that took its number early and committed late is not missed; looks and heartbeats send none.
 */
import { randomUUID } from 'node:crypto'
import { type Listener, listen } from '@/lib/store/listen.server'

type Changes = { listener: Listener; epoch: string; count: number }

const holder = globalThis as unknown as { holdpointChanges?: Changes }

function changes(): Changes {
  if (holder.holdpointChanges) return holder.holdpointChanges
  const state: Changes = {
    epoch: randomUUID(),
    count: 0,
    listener: listen(
      'holdpoint_jobs',
      () => {
        state.count += 1
      },
      // Whatever happened while nobody listened counts as a change.
      () => {
        state.epoch = randomUUID()
      },
    ),
  }
  holder.holdpointChanges = state
  return state
}

/**
 * An ETag for what `parts` (the asking person, the query) select, as of now; read it before the data. Null while the
 * notices are not heard: then nothing may be answered from memory.
 */
export function currentTag(...parts: string[]): string | null {
  const { listener, epoch, count } = changes()
  if (!listener.isUp()) return null
  const key = Buffer.from(parts.join('\n')).toString('base64url')
  return `W/"${epoch.slice(0, 8)}-${count}-${key}"`
}

/** The tag of an answer that is good until `until` only (milliseconds since 1970): what it holds runs out by itself. */
export function tagUntil(tag: string | null, until: number): string | null {
  return tag === null ? null : tag.replace(/"$/, `~${until}"`)
}

/** Counts a change that this process made: its notice may come only after whoever made it has asked again. */
export function hearOwnChange(): void {
  changes().count += 1
}

/** The tag, of those that the request has, which `tag` stands for and which has not run out; null where none does. */
export function tagInHand(request: Request, tag: string | null, now = Date.now()): string | null {
  if (tag === null) return null
  const given = request.headers.get('if-none-match')?.split(',') ?? []
  const inHand = given.find((candidate) => {
    const [, base, until] = /^(.*?)(?:~(\d{1,15}))?"$/.exec(candidate.trim()) ?? []
    return `${base}"` === tag && (until === undefined || now < Number(until))
  })
  return inHand?.trim() ?? null
}

/** True where the request already has what `tag` stands for. */
export function isUnchanged(request: Request, tag: string | null): boolean {
  return tagInHand(request, tag) !== null
}

/** Stops hearing of changes, for a process that ends. */
export async function stopListening(): Promise<void> {
  const state = holder.holdpointChanges
  holder.holdpointChanges = undefined
  await state?.listener.close()
}
