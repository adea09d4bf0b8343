/** What a worker does on timers of its own: each duty again and again, until it is stopped. */

import { hostname } from 'node:os'
import { evaluateAlerts } from '@/lib/alerts/evaluate.server'
import { sendAlertMessages } from '@/lib/alerts/messages.server'
import { ANCHOR_EVERY_MS, keepAnchors } from '@/lib/audit/duty.server'
import { workBatches } from '@/lib/batches/work.server'
import { env } from '@/lib/env.server'
import { foldFailures } from '@/lib/failures/fold.server'
import type { MailEnvironment } from '@/lib/mail/set-up'
import { tellDueSoon } from '@/lib/notices/due-soon.server'
import { sendDueMail } from '@/lib/notices/mail.server'
import {
  FIGURES_EVERY_MS,
  FLAGS_EVERY_MS,
  foldFigures,
  sweepFlags,
  TIDY_FIGURES_EVERY_MS,
  tidyFigures,
} from '@/lib/queues/fold.server'
import { callWaiting } from '@/lib/queues/turn.server'
import { indexDueJobs } from '@/lib/search/index-jobs.server'
import { alone } from '@/lib/store/alone.server'
import { parseAllowList } from '@/lib/tools/addresses'
import type { EngineContext } from './context'
import { askAboutLetGo } from './let-go.server'
import { settleReceipts } from './receipts.server'

/** `work` is begun `everyMs` milliseconds after it last ended. Every worker does it: what only one may do at a time says so itself. */
export type Duty = { everyMs: number; work: () => Promise<unknown> }

/** A webhook that names a lost answer should not wait longer for somebody to look. */
const SETTLE_EVERY_MS = 1_000
const LET_GO_EVERY_MS = 15_000
/** A call that ends calls the next one at once; this is for rates, and for who was not called. */
const CALL_EVERY_MS = 500
const FOLD_EVERY_MS = 1_000
const BATCH_EVERY_MS = 500
const MAIL_EVERY_MS = 2_000
const DUE_SOON_EVERY_MS = 60_000
/** Several look for whether it is time; the rules are looked at by one of them. */
const ALERTS_EVERY_MS = 5_000
const MESSAGES_EVERY_MS = 2_000
/** Whoever looks for what they have just written should not have to look twice. */
const INDEX_EVERY_MS = 700

/**
 * Settles webhooks, reads what changed for the search, asks about calls that were let go, anchors what changed, keeps
 * queues and figures going, and tells people. `mail` absent: it sends no letters.
 */
export function periodicDuties(context: EngineContext, mail: MailEnvironment | undefined): Duty[] {
  const { db, now, random, log } = context
  const allowed = parseAllowList(env().HOLDPOINT_ALLOW_PRIVATE)
  const by = `worker ${hostname()}:${process.pid}`
  return [
    { everyMs: SETTLE_EVERY_MS, work: () => settleReceipts(context) },
    { everyMs: INDEX_EVERY_MS, work: () => indexDueJobs(db, log) },
    { everyMs: LET_GO_EVERY_MS, work: () => askAboutLetGo(context) },
    { everyMs: CALL_EVERY_MS, work: () => alone(db, 'queue-turns', (tx) => callWaiting(tx, now())) },
    { everyMs: FOLD_EVERY_MS, work: () => foldFailures(db, now()) },
    { everyMs: BATCH_EVERY_MS, work: () => workBatches(db, now, log) },
    { everyMs: DUE_SOON_EVERY_MS, work: () => tellDueSoon(db, now()) },
    { everyMs: ANCHOR_EVERY_MS, work: () => keepAnchors(db, now, env().HOLDPOINT_ANCHOR_DIR) },
    { everyMs: ALERTS_EVERY_MS, work: () => evaluateAlerts(db, { by }) },
    { everyMs: MESSAGES_EVERY_MS, work: () => sendAlertMessages({ db, allowed, now, random }) },
    { everyMs: FIGURES_EVERY_MS, work: () => foldFigures(db) },
    { everyMs: FLAGS_EVERY_MS, work: () => sweepFlags(db) },
    { everyMs: TIDY_FIGURES_EVERY_MS, work: () => tidyFigures(db) },
    ...(mail === undefined
      ? []
      : [{ everyMs: MAIL_EVERY_MS, work: () => sendDueMail({ db, environment: mail, now, log }) }]),
  ]
}

type Stoppable = { stop: () => Promise<void> }

/** Starts all of `duties`. A failed turn is told and tried again. `stop` waits for the turns under way. */
export function startDuties(duties: readonly Duty[], log: (line: string) => void): Stoppable {
  const turns = duties.map((duty) => repeat(duty, log))
  return {
    stop: async () => {
      await Promise.all(turns.map((turn) => turn.stop()))
    },
  }
}

function repeat({ everyMs, work }: Duty, log: (line: string) => void): Stoppable {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let current: Promise<void> = Promise.resolve()
  const turn = () => {
    current = work()
      .then(
        () => undefined,
        (error: unknown) =>
          log(
            `A duty of the worker failed and is tried again: ${error instanceof Error ? error.message : String(error)}`,
          ),
      )
      .then(() => {
        if (!stopped) timer = setTimeout(turn, everyMs)
      })
  }
  turn()
  return {
    stop: async () => {
      stopped = true
      clearTimeout(timer)
      await current
    },
  }
}
