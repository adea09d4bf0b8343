/** ETags for answers of the search: they follow changes of jobs, and the words that are read a moment later. */
import type { Actor } from '@/lib/access/actor'
import { currentTag } from '@/lib/jobs/changes.server'
import { searchMark } from './news.server'

/** What is due, overdue or young changes by itself: an answer is good for so long at most, in milliseconds. */
export const GOOD_FOR_MS = 60_000

/** The tag of what `parts` select for `actor`, as of now; read it before the data. Null while news are not heard. */
export function searchTag(actor: Actor, ...parts: string[]): string | null {
  const mark = searchMark()
  if (mark === null) return null
  return currentTag('search', mark, actor.userId ?? '', actor.apiKeyId ?? '', actor.roles.join(), ...parts)
}
