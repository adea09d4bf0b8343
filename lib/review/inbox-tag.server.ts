/** ETags for answers about the inbox: they follow changes of jobs, arrivals and leaves, and run out with time. */
import type { Actor } from '@/lib/access/actor'
import { currentTag, tagUntil } from '@/lib/jobs/changes.server'
import { presenceMark } from './presence-news.server'

/** The tag of what `parts` select for `actor`, as of now; read it before the data. Null while news are not heard. */
export function inboxTag(actor: Actor, ...parts: string[]): string | null {
  const seen = presenceMark()
  if (seen === null) return null
  return currentTag('review', seen, actor.userId ?? '', actor.apiKeyId ?? '', actor.roles.join(), ...parts)
}

/** The tag that an answer goes out with: good until the first moment at which time alone changes it. */
export function tagOfRead(tag: string | null, changesAt: Date | null): string | null {
  return changesAt === null ? tag : tagUntil(tag, changesAt.getTime())
}
