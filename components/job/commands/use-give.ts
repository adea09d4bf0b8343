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

/** Nobody is kept before a dialog for longer, in milliseconds: a connection may hang and never fail. */
const MOST_SENDING_MS = 90_000
const MOST_READING_MS = 20_000

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
      const outcome = await atMost(MOST_SENDING_MS, send(ask), { kind: 'no answer' } as const)
      const refetched = client.refetchQueries({ queryKey: jobOptions(jobId).queryKey })
      const reading = atMost(MOST_READING_MS, refetched, undefined)
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

/** What `work` comes to, or `late` where that takes too long. */
async function atMost<Work, Late>(ms: number, work: Promise<Work>, late: Late): Promise<Work | Late> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const over = new Promise<Late>((resolve) => {
    timer = setTimeout(() => resolve(late), ms)
  })
  try {
    return await Promise.race([work, over])
  } finally {
    clearTimeout(timer)
  }
}
