'use client'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { GiveCommand, Problem } from '@/lib/jobs/view'
import type { Command } from '@/lib/lifecycle/table'
import { jobOptions } from '../queries'

/** The server action that gives a command, as the page hands it down. */
export type GiveJobCommand = (
  jobId: string,
  ask: GiveCommand,
) => Promise<{ ok: true; command: Command } | { ok: false; problem: Problem }>

export type Outcome =
  | { kind: 'done'; command: Command }
  | { kind: 'refused'; problem: Problem }
  /** No answer came: nobody knows whether it was done. */
  | { kind: 'no answer' }

/**
 * Gives a command, then reads the job anew, so that the page shows what is true before it says what was done. Where the
 * page goes on to another job (`leaves`), what is true of this one comes in behind it.
 */
export function useGive(jobId: string, giveJobCommand: GiveJobCommand) {
  const client = useQueryClient()
  const [pending, setPending] = useState(false)

  async function give(ask: GiveCommand, leaves = false): Promise<Outcome> {
    setPending(true)
    try {
      const outcome = await send(ask)
      const reading = client.refetchQueries({ queryKey: jobOptions(jobId).queryKey })
      if (!leaves || outcome.kind !== 'done') await reading
      return outcome
    } finally {
      setPending(false)
    }
  }

  async function send(ask: GiveCommand): Promise<Outcome> {
    try {
      const answer = await giveJobCommand(jobId, ask)
      return answer.ok ? { kind: 'done', command: answer.command } : { kind: 'refused', problem: answer.problem }
    } catch {
      return { kind: 'no answer' }
    }
  }

  return { give, pending }
}
