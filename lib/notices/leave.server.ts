/** Writing notices down, with the change that they tell of: in the app, by e-mail, or both, as each person chose. */
import { v7 as uuidv7 } from 'uuid'
import { rolesWith } from '@/lib/access/can'
import { parseRoles } from '@/lib/access/roles'
import type { Job, Prisma } from '@/lib/generated/prisma/client'
import type { Role } from '@/lib/lifecycle/table'
import type { Tx } from '@/lib/store/db.server'
import { type Choice, choiceOf, readChoices } from './choices'
import { kinds, type NoticeKind } from './kinds'

/** So long a letter waits that is not urgent: whoever reads the notice meanwhile gets none. */
export const MAIL_DELAY_MS = 60_000

/** Of somebody who wants only the letter, the row has this before its kind: the lists in the app do not know it. */
export const MAIL_ONLY = 'mail:'

/** The two ways in which a notice of this kind may be stored. */
export function storedKinds(kind: NoticeKind): string[] {
  return [kind, `${MAIL_ONLY}${kind}`]
}

/** Codes, numbers and ids that the sentence of a notice is made from; never content. */
export type NoticeDetail = {
  /** Why, as a code. */
  code?: string
  class?: string
  /** Who did it. */
  by?: string
  /** The round that it is about, and until when. */
  round?: number
  due?: string
}

export type Recipient = { userId: string; choice: Choice }

export type Leaving = {
  /** These people, or everybody with one of these roles, itself or through a wider one. */
  to: { ids: readonly string[] } | { roles: readonly Role[] }
  /** Whoever did it: nobody is told of what they did themself. */
  except?: readonly (string | null)[]
  job: Pick<Job, 'id' | 'workflowKey'>
  kind: NoticeKind
  detail?: NoticeDetail
  now: Date
  /** No letter before then. */
  notBefore?: Date
  /** Who knows already, among these people. */
  told?: (tx: Tx, userIds: string[]) => Promise<Set<string>>
}

/**
 * Leaves a notice for each of these people who is active, may get this kind, and chose to. Call it last in a
 * transaction: it locks no row of a job.
 * @returns how many were told.
 */
export async function leaveNotices(tx: Tx, leaving: Leaving): Promise<number> {
  const { to, except = [], kind, told } = leaving
  const wanted = (await readRecipients(tx, to, kind)).filter(({ userId }) => !except.includes(userId))
  if (wanted.length === 0) return 0
  const know =
    (await told?.(
      tx,
      wanted.map(({ userId }) => userId),
    )) ?? new Set()
  return write(
    tx,
    leaving,
    wanted.filter(({ userId }) => !know.has(userId)),
  )
}

/** Those of `to` who are active and want this kind in some way. */
export async function readRecipients(tx: Tx, to: Leaving['to'], kind: NoticeKind): Promise<Recipient[]> {
  const ids = 'ids' in to ? [...to.ids] : []
  const roles = 'roles' in to ? rolesWith(to.roles) : []
  if (ids.length === 0 && roles.length === 0) return []
  const people = await tx.$queryRaw<{ id: string; roles: string[]; value: unknown }[]>`
    SELECT u.id, u.roles, p.value
      FROM user_account u LEFT JOIN user_preference p ON p.user_id = u.id AND p.key = 'notices'
     WHERE u.deactivated_at IS NULL AND (u.id = ANY(${ids}::text[]) OR u.roles && ${roles}::text[])`
  return people
    .map(({ id, roles: held, value }) => ({
      userId: id,
      choice: choiceOf(kind, parseRoles(held), readChoices(value)),
    }))
    .filter(({ choice }) => choice.app || choice.email)
}

async function write(tx: Tx, leaving: Leaving, recipients: readonly Recipient[]): Promise<number> {
  const { job, kind, detail = {}, now, notBefore } = leaving
  if (recipients.length === 0) return 0
  const waited = new Date(now.getTime() + (kinds[kind].isUrgent ? 0 : MAIL_DELAY_MS))
  const emailAt = notBefore !== undefined && notBefore > waited ? notBefore : waited
  await tx.notice.createMany({
    data: recipients.map(({ userId, choice }) => ({
      id: uuidv7(),
      userId,
      jobId: job.id,
      kind: choice.app ? kind : `${MAIL_ONLY}${kind}`,
      detail: { ...detail, workflow: job.workflowKey } as Prisma.InputJsonValue,
      at: now,
      ...(choice.email ? { emailState: 'due', emailAt } : {}),
    })),
  })
  if (recipients.some(({ choice }) => choice.app)) await tellOpenPages(tx)
  return recipients.length
}

/**
 * Lets open pages ask again once this transaction commits: their tags follow these notifications of PostgreSQL. A stopped
 * queue changes no row of a job, and another process must hear of what was read in this one.
 */
export async function tellOpenPages(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_notify('holdpoint_jobs', '')`
}
