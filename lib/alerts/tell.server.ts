/** Telling of an alert, in the transaction that opens or closes it: notices, and a signed request for the outbox. */
import { v7 as uuidv7 } from 'uuid'
import type { Alert, AlertRule, Prisma } from '@/lib/generated/prisma/client'
import { workflowNames } from '@/lib/money/stops.server'
import { MAIL_ONLY, readRecipients } from '@/lib/notices/leave.server'
import type { Tx } from '@/lib/store/db.server'
import { alertKindOf } from './kinds'
import { readersAmong } from './rules.server'
import { alertWords, overWords } from './words'

type Told = 'opened' | 'over'
type Rule = Pick<AlertRule, 'people' | 'byEmail' | 'address'>

/** Once, when it is found. */
export async function tellOpened(tx: Tx, rule: Rule, alert: Alert, now: Date): Promise<void> {
  await leave(tx, rule, alert, 'opened', now)
  await putMessage(tx, rule.address, alert, 'opened', now)
}

/** Once, when it is over: in the ways in which it was told. */
export async function tellOver(tx: Tx, rule: Rule, alert: Alert, now: Date): Promise<void> {
  await leave(tx, rule, alert, 'over', now)
  // To where the first word went, whatever the rule says by now.
  const first = await tx.alertMessage.findUnique({ where: { alertId_what: { alertId: alert.id, what: 'opened' } } })
  await putMessage(tx, first?.address ?? null, alert, 'over', now)
}

async function leave(tx: Tx, rule: Rule, alert: Alert, what: Told, now: Date): Promise<void> {
  const named = await readersAmong(tx, rule.people)
  // Where nobody is left of those whom it names, somebody must hear of it all the same.
  const to = named.size > 0 ? { ids: [...named] } : { roles: ['lead'] as const }
  const people = (await readRecipients(tx, to, 'alert'))
    .map(({ userId, choice }) => ({ userId, app: choice.app, email: choice.email && rule.byEmail }))
    .filter(({ app, email }) => app || email)
  if (people.length === 0) return
  await tx.notice.createMany({
    data: people.map(({ userId, app, email }) => ({
      id: uuidv7(),
      userId,
      kind: app ? 'alert' : `${MAIL_ONLY}alert`,
      detail: { alert: alert.id, code: what, workflow: alert.workflowKey ?? '' } as Prisma.InputJsonValue,
      at: now,
      ...(email ? { emailState: 'due', emailAt: now } : {}),
    })),
  })
}

/** What a receiver gets: the same bytes at each try. */
async function putMessage(tx: Tx, address: string | null, alert: Alert, what: Told, now: Date): Promise<void> {
  const kind = alertKindOf(alert.kind)
  if (address === null || kind === null) return
  const names = await workflowNames(tx, alert.workflowKey === null ? [] : [alert.workflowKey])
  const workflow = alert.workflowKey === null ? null : (names.get(alert.workflowKey) ?? alert.workflowKey)
  const detail = alert.detail as Record<string, unknown>
  const words = alertWords({ kind, subject: alert.subject, workflow, value: alert.value, detail }, alert.workflowKey)
  const said = what === 'opened' ? words : overWords(words.heading, alert.openedAt, alert.closedAt ?? now)
  const id = uuidv7()
  await tx.alertMessage.create({
    data: {
      id,
      alertId: alert.id,
      what,
      messageId: `alr_${id.replaceAll('-', '')}`,
      address,
      body: JSON.stringify({
        type: `alert.${what}`,
        timestamp: now.toISOString(),
        data: {
          id: alert.id,
          kind: alert.kind,
          subject: alert.subject,
          workflow: alert.workflowKey,
          value: alert.value,
          threshold: alert.threshold,
          openedAt: alert.openedAt.toISOString(),
          closedAt: alert.closedAt?.toISOString() ?? null,
          heading: said.heading,
          sentence: said.sentence,
        },
      }),
      state: 'due',
      createdAt: now,
      nextTryAt: now,
    },
  })
}
