import { span } from '@/components/ui/relative-time'
import type { Heartbeat } from '@/lib/jobs/view'

export type HeartbeatWords = {
  /** What is the matter, in a word; null while it moves. */
  verdict: string | null
  tone: 'faint' | 'attention' | 'danger'
  /** When we looked and what we saw, with nothing invented. */
  looks: string
  /** How long these usually take; null until there is enough history. */
  usually: string | null
  /** Both in one sentence. */
  text: string
}

/**
 * The heartbeat in words. Slow (longer than nearly all of its kind), stuck (no change past its limit) and "we have
 * stopped looking" are three things.
 * @param serverNow milliseconds since 1970 by the server's clock, so that a browser's wrong clock does not matter
 */
export function heartbeatWords(heartbeat: Heartbeat, workersAlive: number, serverNow: number): HeartbeatWords {
  const ago = (time: string) => `${span(Math.max(0, serverNow - Date.parse(time)))} ago`
  const looked = heartbeat.lastLookedAt === null ? 'not checked yet' : `checked ${ago(heartbeat.lastLookedAt)}`
  const changed = `last change ${ago(heartbeat.lastChangedAt)}`
  const usually = heartbeat.usually === null ? null : `95 % of these take under ${span(heartbeat.usually.p95Ms)}`
  const failed = heartbeat.lastError === null ? null : 'the last look failed'
  const say = (verdict: string | null, tone: HeartbeatWords['tone'], ...parts: (string | null)[]): HeartbeatWords => {
    const looks = parts.filter((part) => part !== null).join(', ')
    return { verdict, tone, looks, usually, text: usually === null ? looks : `${looks}, ${usually}` }
  }

  switch (heartbeat.verdict) {
    case 'moving':
      return say(null, 'faint', looked, failed, changed)
    case 'slow':
      return say('Slow', 'attention', looked, failed, changed)
    case 'stuck':
      return say('Stuck', 'danger', changed, looked, failed)
    case 'not_looking':
      return say('We have stopped looking', 'danger', looked, workersAlive === 0 ? 'no worker is alive' : null, changed)
  }
}
