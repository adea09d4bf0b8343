'use client'
import { useQuery } from '@tanstack/react-query'
import { Undo2 } from 'lucide-react'
import { useState } from 'react'
import { type GiveJobCommand, useGive } from '@/components/job/commands/use-give'
import { Countdown } from '@/components/job/countdown'
import { jobOptions } from '@/components/job/queries'
import { useOver } from '@/components/job/use-over'
import { JobTitle } from '@/components/jobs/job-title'
import { Button } from '@/components/ui/button'
import { Kbd } from '@/components/ui/kbd'
import { useSingleKeys } from '../keyboard/single-keys'
import { useKeys } from '../keyboard/use-keys'

/** `at`: when, in milliseconds since 1970, by this browser's clock. */
export type Approved = { id: string; number: number; title: string; at: number }

/** For so long it says what was approved, though that cannot be taken back: in milliseconds. */
const SAID_MS = 6_000

export type UndoBarProps = {
  approved: Approved
  giveJobCommand: GiveJobCommand
  /** Nothing is open above it. */
  listens: boolean
  onUndone: (approved: Approved) => void
}

/** What was approved last, and for as long as it can be taken back, if it can, the way to do it. It goes by itself. */
export function UndoBar({ approved, giveJobCommand, listens, onUndone }: UndoBarProps) {
  // Anew: how long it can be taken back is known since it was approved, and going on may have ended that reading.
  const { data: job } = useQuery({ ...jobOptions(approved.id), refetchOnMount: 'always' })
  const [why, setWhy] = useState<string | null>(null)
  const { give, pending } = useGive(approved.id, giveJobCommand)
  const until = job?.undoUntil ?? null
  const isOver = useOver(until)
  const wasRead = useOver(new Date(approved.at + SAID_MS).toISOString())
  const keys = useSingleKeys()
  const mayUndo = !isOver && until !== null && job?.allowedCommands.includes('undo') === true

  async function undo() {
    if (pending || !mayUndo) return
    setWhy(null)
    const answer = await give({ command: 'undo' })
    if (answer.kind === 'done') return onUndone(approved)
    setWhy(answer.kind === 'refused' ? answer.problem.detail : 'No answer came. Look at the job before you try again.')
  }
  useKeys('desk', { undo: () => void undo() }, listens && mayUndo)

  if (!mayUndo && wasRead && why === null) return null
  return (
    <div className="mb-2 flex flex-wrap items-center gap-x-3 gap-y-1 rounded-md border border-success/40 bg-success-soft px-3 py-1.5">
      <p role="status" className="min-w-0 flex-1 truncate">
        Approved #{approved.number}{' '}
        <bdi>
          <JobTitle title={approved.title} />
        </bdi>
      </p>
      {why !== null && (
        <p role="alert" className="w-full text-danger-ink">
          {why}
        </p>
      )}
      {mayUndo && (
        <>
          <span className="text-sm text-muted tabular-nums">
            <Countdown until={until} over="over" /> left
          </span>
          <Button size="sm" pending={pending} pendingLabel="Taking back…" onClick={() => void undo()}>
            <Undo2 aria-hidden />
            Undo
            {keys && (
              <Kbd aria-hidden className="max-lg:hidden">
                U
              </Kbd>
            )}
          </Button>
        </>
      )}
    </div>
  )
}
