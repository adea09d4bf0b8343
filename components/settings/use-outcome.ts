'use client'
import { useTransition } from 'react'
import { answerOf } from '@/components/ui/no-answer'
import { useToast } from '@/components/ui/toast'
import type { Outcome } from '@/lib/access/outcome'

/** Runs an action from a button and says what came of it. */
export function useOutcome(): { pending: boolean; run: (work: () => Promise<Outcome>, after?: () => void) => void } {
  const [pending, start] = useTransition()
  const toast = useToast()
  return {
    pending,
    run: (work, after) =>
      start(async () => {
        const outcome = await answerOf(work)
        toast({ title: outcome.message, tone: outcome.ok ? 'success' : 'danger' })
        if (outcome.ok) after?.()
      }),
  }
}
