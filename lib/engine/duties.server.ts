/** What a worker does on timers of its own: each duty again and again, until it is stopped. */
import { ANCHOR_EVERY_MS, keepAnchors } from '@/lib/audit/duty.server'
import { env } from '@/lib/env.server'
import type { MailEnvironment } from '@/lib/mail/set-up'
import { tellDueSoon } from '@/lib/notices/due-soon.server'
import { sendDueMail } from '@/lib/notices/mail.server'
import type { EngineContext } from './context'
import { askAboutLetGo } from './let-go.server'
import { settleReceipts } from './receipts.server'

/** `work` is begun `everyMs` milliseconds after it last ended. Every worker does it: what only one may do at a time says so itself. */
export type Duty = { everyMs: number; work: () => Promise<unknown> }

/** A webhook that names a lost answer should not wait longer for somebody to look. */
const SETTLE_EVERY_MS = 1_000
const LET_GO_EVERY_MS = 15_000
const MAIL_EVERY_MS = 2_000
const DUE_SOON_EVERY_MS = 60_000

/** Settles webhooks, asks about calls that were let go, anchors what changed, and tells people. `mail` absent: it sends no letters. */
export function periodicDuties(context: EngineContext, mail: MailEnvironment | undefined): Duty[] {
  const { db, now, log } = context
  return [
    { everyMs: SETTLE_EVERY_MS, work: () => settleReceipts(context) },
    { everyMs: LET_GO_EVERY_MS, work: () => askAboutLetGo(context) },
    { everyMs: DUE_SOON_EVERY_MS, work: () => tellDueSoon(db, now()) },
    { everyMs: ANCHOR_EVERY_MS, work: () => keepAnchors(db, now, env().HOLDPOINT_ANCHOR_DIR) },
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
