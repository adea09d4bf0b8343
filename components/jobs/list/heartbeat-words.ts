import { span } from '@/components/ui/relative-time'
import type { Heartbeat } from '@/lib/jobs/view'

export type HeartbeatWords = {
  /** What is the matter, in a word; null while it moves. */
  verdict: string | null
  tone: 'faint' | 'attention' | 'danger'
  /** When we looked and what we saw, with nothing invented. */
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
  const say = (...parts: (string | null)[]) => parts.filter((part) => part !== null).join(', ')

  switch (heartbeat.verdict) {
    case 'moving':
      return { verdict: null, tone: 'faint', text: say(looked, failed, changed, usually) }
    case 'slow':
      return { verdict: 'Slow', tone: 'attention', text: say(usually, looked, failed, changed) }
    case 'stuck':
      return { verdict: 'Stuck', tone: 'danger', text: say(changed, looked, failed, usually) }
    case 'not_looking': {
      const worker = workersAlive === 0 ? 'no worker is alive' : null
      return { verdict: 'We have stopped looking', tone: 'danger', text: say(looked, worker, changed) }
    }
  }
}
