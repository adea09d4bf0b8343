'use client'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { openRound } from '@/components/job/commands/command-ask'
import { Refusal } from '@/components/job/commands/refusal'
import { type GiveJobCommand, type Outcome, useGive } from '@/components/job/commands/use-give'
import { deskOptions } from '@/components/job/queries'
import { ReviseEditor } from '@/components/revise/revise-editor'
import { forgetRevision } from '@/components/revise/use-revision-draft'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Dialog } from '@/components/ui/dialog'
import type { JobView } from '@/lib/jobs/view'
import { lostApprovals } from './lost-approvals'

export type ReviseDialogProps = {
  /** What was on the screen when it opened. */
  shown: JobView
  /** The job as it is now. */
  job: JobView
  personId: string
  giveJobCommand: GiveJobCommand
  /** The person looks at the job as it is now. */
  onLook: () => void
  /** `then`: what to do on what the edit has become. */
  onClose: (done: boolean, then?: 'approve') => void
}

/** Edits the result. What is kept is a revision with a hash of its own, on which the checks run again. */
export function ReviseDialog({ shown, job, personId, giveJobCommand, onLook, onClose }: ReviseDialogProps) {
  const { data: desk, isError, refetch, isFetching } = useQuery(deskOptions(shown.id))
  const [edited, setEdited] = useState<string | null>(null)
  const [problems, setProblems] = useState<readonly string[]>([])
  const [outcome, setOutcome] = useState<Exclude<Outcome, { kind: 'done' }> | null>(null)
  const { give, pending } = useGive(shown.id, giveJobCommand)
  const { result } = shown
  if (result === null) return null
  const hash = result.hash
  const lost = lostApprovals(openRound(shown))
  const isStale = outcome?.kind === 'refused' && outcome.problem.conflict !== undefined
  const blocked = edited === null || problems.length > 0 || isStale
  const mayApprove = job.allowedCommands.includes('approve') || openRound(shown)?.deliveryProblem !== null

  async function keep(then?: 'approve') {
    if (edited === null || blocked || pending) return
    setOutcome(null)
    const answer = await give({ command: 'revise', resultHash: hash, params: { text: edited } })
    if (answer.kind !== 'done') return setOutcome(answer)
    forgetRevision(personId, hash)
    onClose(true, then)
  }

  return (
    <Dialog
      open
      onOpenChange={() => !pending && onClose(false)}
      className="sm:w-[min(56rem,calc(100vw-2rem))]"
      title={`Edit #${shown.number}`}
      description="What you keep becomes a revision with a hash of its own, and every check runs again on it. The model’s own answer stays."
      footer={
        <>
          <Button disabled={pending} onClick={() => onClose(false)}>
            Cancel
          </Button>
          {isStale && (
            <Button
              variant="primary"
              onClick={() => {
                onLook()
                onClose(false)
              }}
            >
              Look at the new one
            </Button>
          )}
          {!isStale && (
            <Button disabled={blocked || pending} onClick={() => void keep()}>
              Keep the edit
            </Button>
          )}
          {!isStale && mayApprove && (
            <Button
              variant="primary"
              disabled={blocked}
              pending={pending}
              pendingLabel="Keeping…"
              onClick={() => void keep('approve')}
            >
              Keep and approve…
            </Button>
          )}
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {outcome !== null && <Refusal outcome={outcome} job={job} note={edited ?? ''} />}
        {lost !== null && (
          <Callout tone="attention" title="This takes approvals back">
            <p>{lost}</p>
          </Callout>
        )}
        {desk === undefined ? (
          isError ? (
            <Callout
              role="alert"
              tone="danger"
              title="The form of this result could not be read"
              actions={
                <Button size="sm" pending={isFetching} onClick={() => void refetch()}>
                  Try again
                </Button>
              }
            />
          ) : (
            <p role="status" className="py-8 text-center text-muted">
              Reading its form…
            </p>
          )
        ) : (
          <ReviseEditor
            result={result}
            outputSchema={desk.outputSchema}
            resultText={result.text}
            owner={personId}
            disabled={pending}
            onChange={(text, found) => {
              setEdited(text)
              setProblems(found)
            }}
          />
        )}
      </div>
    </Dialog>
  )
}
