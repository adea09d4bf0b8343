import { span } from '@/components/ui/relative-time'
import type { AttemptView } from '@/lib/jobs/view'

/** How long an attempt took at OpenAI, or, where it does not say, from our sending to our seeing. In words. */
export function durationOf(attempt: Pick<AttemptView, 'sentAt' | 'acceptedAt' | 'finishedAt' | 'seenFinalAt'>): string {
  const { sentAt, acceptedAt, finishedAt, seenFinalAt } = attempt
  if (acceptedAt !== null && finishedAt !== null) return precise(Date.parse(finishedAt) - Date.parse(acceptedAt))
  if (seenFinalAt !== null) return `${precise(Date.parse(seenFinalAt) - Date.parse(sentAt))}, as seen from here`
  return 'not known yet'
}

function precise(ms: number): string {
  return ms < 60_000 ? `${(Math.max(0, ms) / 1_000).toFixed(1)} s` : span(ms)
}
