/** Carries out what is decided on several items together: one after another, each for itself. */
import type { Actor } from '@/lib/access/actor'
import { problemOf } from '@/lib/http/expected.server'
import type { GiveCommand, Problem } from '@/lib/jobs/view'
import { giveCommand } from '@/lib/store/command.server'
import type { Db } from '@/lib/store/db.server'
import type { BulkAsk, BulkOutcome } from './inbox-bulk'

/** Something nobody foresaw: the others go on, and whoever runs the server finds it in its log. */
const UNFORESEEN: Problem = {
  type: 'urn:holdpoint:problem:unforeseen',
  title: 'It could not be done',
  status: 500,
  detail: 'Something went wrong that nobody foresaw. Open it, see where it stands, and decide there.',
}

/**
 * Gives `ask.command` to exactly the rows of `ask`, as they were on the screen, in their order. A row that is refused
 * or fails leaves the others as they are: each has an outcome of its own.
 */
export async function giveInBulk(
  db: Db,
  actor: Actor,
  ask: BulkAsk,
  via: 'browser' | 'api' = 'browser',
  now = () => new Date(),
): Promise<BulkOutcome[]> {
  const outcomes: BulkOutcome[] = []
  for (const row of ask.rows) {
    try {
      const { command } = await giveCommand(db, actor, row.id, commandFor(ask, row), via, now())
      outcomes.push({ id: row.id, ok: true, command })
    } catch (error) {
      const problem = await problemOf(error)
      if (problem === null) console.error('A command given in bulk failed.', error)
      outcomes.push({ id: row.id, ok: false, problem: problem ?? UNFORESEEN })
    }
  }
  return outcomes
}

function commandFor(ask: BulkAsk, { version, resultHash, deliveryHash }: BulkAsk['rows'][number]): GiveCommand {
  const { command, note } = ask
  return {
    command,
    ...(note?.trim() ? { note } : {}),
    expectedVersion: version,
    ...(resultHash === null ? {} : { resultHash }),
    ...(deliveryHash === null ? {} : { deliveryHash }),
    params: paramsFor(ask),
  }
}

function paramsFor({ command, reason, guidance, assignee, until }: BulkAsk): Record<string, unknown> {
  if (command === 'assign') return { assignee: assignee ?? null }
  if (command === 'snooze') return { until }
  return {
    inBulk: true,
    ...(reason === undefined ? {} : { reason }),
    ...(command === 'retry' && guidance?.trim() ? { guidance } : {}),
  }
}
