import { span } from '@/components/ui/relative-time'
import type { AttemptView } from '@/lib/jobs/view'

/**
 * How long an attempt took, from our sending to our first seeing that it was final: one clock, ours. OpenAI gives
 * whole seconds by a clock of its own, which set against ours would be wrong by more than some attempts take.
 */
export function durationOf(attempt: Pick<AttemptView, 'sentAt' | 'seenFinalAt' | 'endedAt'>): string {
  const { sentAt, seenFinalAt, endedAt } = attempt
  if (seenFinalAt === null) return endedAt === null ? 'not known yet' : 'not known'
  const ms = Math.max(0, Date.parse(seenFinalAt) - Date.parse(sentAt))
  return `${ms < 60_000 ? `${(ms / 1_000).toFixed(1)} s` : span(ms)}, from sending to seeing`
}
