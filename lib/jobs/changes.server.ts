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

/** Counts a change that this process made: its notice may come only after whoever made it has asked again. */
export function hearOwnChange(): void {
  changes().count += 1
}

/** True where the request already has what `tag` stands for. */
export function isUnchanged(request: Request, tag: string | null): boolean {
  if (tag === null) return false
  const given = request.headers.get('if-none-match')
  return given?.split(',').some((candidate) => candidate.trim() === tag) ?? false
}

/** Stops hearing of changes, for a process that ends. */
export async function stopListening(): Promise<void> {
  const state = holder.holdpointChanges
  holder.holdpointChanges = undefined
  await state?.listener.close()
}
