'use client'
import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { openRound } from '@/components/job/commands/command-ask'
import type { GiveJobCommand } from '@/components/job/commands/use-give'
import { jobOptions } from '@/components/job/queries'
import type { JobView } from '@/lib/jobs/view'
import { marksOf, type Verdict } from './verdicts'

/** A mark that was not kept: of which claim (from 0), and why. */
export type MarkFailure = { claim: number; why: string }

const LOST =
  'No answer came, so nobody knows whether it was kept. Look at the mark, and set it again if it is not there.'

/**
 * The marks of this person on the claims of `job`. They are shown at once, and taken back with a reason where they could
 * not be kept. One after the other, so that the last press is the last word.
 */
export function useMarks(job: JobView, personId: string, giveJobCommand: GiveJobCommand) {
  const client = useQueryClient()
  const [pending, setPending] = useState<ReadonlyMap<number, Verdict | 'none'>>(new Map())
  const [failure, setFailure] = useState<MarkFailure | null>(null)
  const queue = useRef(Promise.resolve())
  const mine = marksOf(openRound(job)?.marks ?? [], personId, pending)

  async function keep(claim: number, verdict: Verdict | 'none', resultHash: string) {
    try {
      const params = { marks: [{ claim, verdict }] }
      const answer = await giveJobCommand(job.id, { command: 'mark', resultHash, params })
      if (!answer.ok) setFailure({ claim, why: answer.problem.detail })
    } catch {
      setFailure({ claim, why: LOST })
    }
    await client.refetchQueries({ queryKey: jobOptions(job.id).queryKey })
    setPending((before) => {
      // Pressed again meanwhile: that word is on its way.
      if (before.get(claim) !== verdict) return before
      const after = new Map(before)
      after.delete(claim)
      return after
    })
  }

  /** The same verdict again takes it back. */
  function mark(claim: number, verdict: Verdict) {
    const resultHash = job.result?.hash
    if (resultHash === undefined) return
    const next = mine.get(claim) === verdict ? 'none' : verdict
    setFailure(null)
    setPending((before) => new Map(before).set(claim, next))
    queue.current = queue.current.then(() => keep(claim, next, resultHash))
  }

  return { mine, mark, failure, dismiss: () => setFailure(null) }
}
