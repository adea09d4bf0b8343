'use client'
import { useRef, useState } from 'react'
import type { Problem } from '@/lib/jobs/view'
import { type BulkAsk, type BulkOutcome, rowOfItem } from '@/lib/review/inbox-bulk'
import type { InboxItem } from '@/lib/review/view'

/** The server action behind it, as the page hands it down. */
export type DecideInBulk = (
  ask: BulkAsk,
) => Promise<{ ok: true; outcomes: BulkOutcome[] } | { ok: false; problem: Problem }>

/** Of one row: what became of it, that nothing was sent for it, or that nobody knows. */
export type Outcome = BulkOutcome | { id: string; ok: null; why: string }

/** So many go out at a time: then the page can say how far it is, and stop. */
const AT_ONCE = 10

export type Bulk = {
  state: 'asking' | 'running' | 'done'
  outcomes: ReadonlyMap<string, Outcome>
  run: (items: readonly InboxItem[], ask: Omit<BulkAsk, 'rows'>) => Promise<void>
  /** Sends no more; what is under way comes to its end. */
  stop: () => void
}

/** Sends a selection to be decided on, a few at a time, and keeps what became of each. */
export function useBulk(decide: DecideInBulk): Bulk {
  const [state, setState] = useState<Bulk['state']>('asking')
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome>>(new Map())
  const stopped = useRef(false)

  async function run(items: readonly InboxItem[], ask: Omit<BulkAsk, 'rows'>) {
    setState('running')
    stopped.current = false
    const found = new Map<string, Outcome>()
    const note = (some: readonly Outcome[]) => {
      for (const outcome of some) found.set(outcome.id, outcome)
      setOutcomes(new Map(found))
    }
    for (let at = 0; at < items.length; at += AT_ONCE) {
      const part = items.slice(at, at + AT_ONCE)
      if (stopped.current) {
        note(part.map(({ id }) => ({ id, ok: null, why: 'Not sent: you stopped.' })))
        continue
      }
      note(await send(decide, part, ask))
    }
    setState('done')
  }

  return {
    state,
    outcomes,
    run,
    stop: () => {
      stopped.current = true
    },
  }
}

async function send(
  decide: DecideInBulk,
  part: readonly InboxItem[],
  ask: Omit<BulkAsk, 'rows'>,
): Promise<readonly Outcome[]> {
  try {
    const answer = await decide({ ...ask, rows: part.map(rowOfItem) })
    if (answer.ok) return answer.outcomes
    return part.map(({ id }) => ({ id, ok: false, problem: answer.problem }))
  } catch {
    const why = 'The server was not reached, so nobody can tell whether this was done. Open it and see.'
    return part.map(({ id }) => ({ id, ok: null, why }))
  }
}
