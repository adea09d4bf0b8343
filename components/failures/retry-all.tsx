'use client'
import { useTransition } from 'react'
import { Button } from '@/components/ui/button'
import { answerOf } from '@/components/ui/no-answer'
import { useToast } from '@/components/ui/toast'
import type { GroupView } from '@/lib/failures/view'
import type { FailureActions } from './actions'

/** Chooses the jobs and leads to what a retry of all of them means. Nothing is retried by that. */
export function RetryAll({ group, choose }: { group: GroupView; choose: FailureActions['choose'] }) {
  const [pending, start] = useTransition()
  const toast = useToast()
  return (
    <Button
      variant="primary"
      pending={pending}
      pendingLabel="Choosing…"
      onClick={() =>
        start(async () => {
          const outcome = await answerOf(() => choose(group.id))
          if (!outcome.ok) toast({ title: outcome.message, tone: 'danger' })
        })
      }
    >
      Look at a retry of all…
    </Button>
  )
}
