import type { Actor } from '@/lib/access/actor'
import type { EventActor } from './event-chain'

/** Who an event names: the person where there is one, even when they came by a key; else the key. */
export function actorOf(actor: Actor): EventActor {
  if (actor.userId !== null) return { kind: 'person', id: actor.userId }
  return { kind: 'api_key', id: actor.apiKeyId }
}
