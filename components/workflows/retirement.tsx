'use client'
import { Archive, ArchiveRestore } from 'lucide-react'
import { Confirm } from '@/components/settings/confirm'
import { useOutcome } from '@/components/settings/use-outcome'
import { Button } from '@/components/ui/button'
import type { Outcome } from '@/lib/access/outcome'

export type RetirementProps = {
  name: string
  isRetired: boolean
  /** Jobs that are not settled. */
  open: number
  retire: () => Promise<Outcome>
  bringBack: () => Promise<Outcome>
}

/** Ends new jobs of a workflow, after saying what that means, or allows them again. */
export function Retirement({ name, isRetired, open, retire, bringBack }: RetirementProps) {
  const { pending, run } = useOutcome()
  if (isRetired) {
    return (
      <Button pending={pending} pendingLabel="Bringing back…" onClick={() => run(bringBack)}>
        <ArchiveRestore aria-hidden />
        Bring back
      </Button>
    )
  }
  return (
    <Confirm
      trigger={
        <Button>
          <Archive aria-hidden />
          Retire…
        </Button>
      }
      title={`Retire ${name}?`}
      consequence={`No new jobs start with it, in the form or over the API. ${underWay(open)} Its versions stay, and you can bring it back.`}
      button="Retire"
      pendingButton="Retiring…"
      action={retire}
    />
  )
}

function underWay(open: number): string {
  if (open === 0) return 'No job is under way.'
  return open === 1
    ? 'The one job that is under way goes on, and may be retried.'
    : `The ${open} jobs that are under way go on, and may be retried.`
}
