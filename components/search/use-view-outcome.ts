'use client'
import { useQueryClient } from '@tanstack/react-query'
import { useTransition } from 'react'
import { answerOf } from '@/components/ui/no-answer'
import { useToast } from '@/components/ui/toast'
import type { Outcome } from '@/lib/access/outcome'
import { searchKeys } from './queries'

/** Runs an action on a saved view, says what came of it, and lets the side bar read its views anew. */
export function useViewOutcome() {
  const [pending, start] = useTransition()
  const toast = useToast()
  const client = useQueryClient()
  return {
    pending,
    run: <Done>(work: () => Promise<Outcome<Done>>, after?: (done: Done) => void) =>
      start(async () => {
        const outcome = await answerOf(work)
        toast({ title: outcome.message, tone: outcome.ok ? 'success' : 'danger' })
        if (!outcome.ok) return
        await client.invalidateQueries({ queryKey: searchKeys.pinned() })
        after?.(outcome.done)
      }),
  }
}
