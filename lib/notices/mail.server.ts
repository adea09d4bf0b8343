/**
 * Letters of the notices that are due by e-mail: one letter a person for all that is due.
 *
 * A notice is committed as `sending` before its letter leaves, and nothing that is `sending` is ever taken up again: a
 * worker that dies in between may lose the letter, and no letter is sent twice. The notice itself still stands in the
 * app, so a lost letter costs less than a second one.
 */
import type { Actor } from '@/lib/access/actor'
import { isPlaceholderEmail } from '@/lib/access/placeholder-email'
import { parseRoles } from '@/lib/access/roles'
import type { SendEnd } from '@/lib/deliveries/send-end'
import type { Notice } from '@/lib/generated/prisma/client'
import { isPlainAddress } from '@/lib/mail/address'
import { sendMail } from '@/lib/mail/send-mail.server'
import type { MailEnvironment } from '@/lib/mail/set-up'
import type { Db, Tx } from '@/lib/store/db.server'
import { readAddress } from './address.server'
import { readChoices } from './choices'
import { MAIL_ONLY, storedKinds } from './leave.server'
import { letterOf } from './letter'
import { judge } from './mail-checks.server'

export type MailContext = {
  db: Db
  environment: MailEnvironment
  now: () => Date
  /** One line for the operator. */
  log: (line: string) => void
}

const MINUTE_MS = 60_000
/** A server that puts a letter off (greylisting, a full queue) mostly takes it within the hour. */
const WAITS_MS = [1, 5, 15, 60, 180].map((minutes) => minutes * MINUTE_MS)
/** Of what is new in the inbox nobody gets more than one letter in this time. */
const DIGEST_EVERY_MS = 60 * MINUTE_MS
/** People served in one turn, one after another. */
const AT_MOST = 20
/** In one letter. The rest goes with the next. */
const MOST_IN_LETTER = 50

type Letter = { ids: string[]; to: string; subject: string; text: string }

/** Sends the letters that are due. Any number of workers may, side by side. @returns how many letters left. */
export async function sendDueMail(context: MailContext): Promise<number> {
  let left = 0
  for (let people = 0; people < AT_MOST; people += 1) {
    const letter = await context.db.$transaction((tx) => claim(context, tx))
    if (letter === 'nobody') break
    if (letter === 'nothing') continue
    const { ids, ...mail } = letter
    const end = await sendMail(context.environment, mail)
    await record(context, ids, end)
    if (end.kind === 'delivered') left += 1
    else context.log(`A letter with ${ids.length === 1 ? 'a notice' : 'notices'} did not get through: ${end.code}.`)
  }
  return left
}

/** Takes all that is due of one person, and commits it as `sending`. */
async function claim({ now }: MailContext, tx: Tx): Promise<Letter | 'nobody' | 'nothing'> {
  const at = now()
  const [first] = await tx.$queryRaw<{ user_id: string }[]>`
    SELECT user_id FROM notice WHERE email_state = 'due' AND email_at <= ${at}::timestamptz
     ORDER BY email_at LIMIT 1 FOR UPDATE SKIP LOCKED`
  if (first === undefined) return 'nobody'
  const userId = first.user_id
  // One worker at a time looks at what a person got within the hour.
  const [lock] = await tx.$queryRaw<{ taken: boolean }[]>`
    SELECT pg_try_advisory_xact_lock(hashtextextended(${`notice_mail:${userId}`}, 0)) AS taken`
  if (lock?.taken !== true) return 'nobody'
  const ids = await tx.$queryRaw<{ id: string }[]>`
    SELECT id::text FROM notice
     WHERE user_id = ${userId} AND email_state = 'due' AND email_at <= ${at}::timestamptz
     ORDER BY at, id LIMIT ${MOST_IN_LETTER}::int FOR UPDATE SKIP LOCKED`
  const notices = await tx.notice.findMany({
    where: { id: { in: ids.map(({ id }) => id) } },
    orderBy: [{ at: 'asc' }, { id: 'asc' }],
  })
  const wanted = await withoutDigests(tx, userId, notices, at)
  return compose(tx, userId, wanted, at)
}

/** Puts off what is new in the inbox, where this person had a letter about that within the hour. */
async function withoutDigests(tx: Tx, userId: string, notices: Notice[], now: Date): Promise<Notice[]> {
  const kinds = storedKinds('review_waits')
  const digests = notices.filter(({ kind }) => kinds.includes(kind))
  if (digests.length === 0) return notices
  const since = new Date(now.getTime() - DIGEST_EVERY_MS)
  const last = await tx.notice.findFirst({
    where: {
      userId,
      kind: { in: kinds },
      emailState: { in: ['sending', 'sent', 'unknown'] },
      emailAt: { gt: since },
    },
    orderBy: { emailAt: 'desc' },
    select: { emailAt: true },
  })
  if (last?.emailAt == null) return notices
  await tx.notice.updateMany({
    where: { id: { in: digests.map(({ id }) => id) } },
    data: { emailAt: new Date(last.emailAt.getTime() + DIGEST_EVERY_MS) },
  })
  return notices.filter((notice) => !digests.includes(notice))
}

async function compose(tx: Tx, userId: string, notices: Notice[], now: Date): Promise<Letter | 'nothing'> {
  if (notices.length === 0) return 'nothing'
  const user = await tx.user.findUnique({ where: { id: userId } })
  const stored = await tx.userPreference.findUnique({ where: { userId_key: { userId, key: 'notices' } } })
  if (user === null || user.deactivatedAt !== null) return skip(tx, notices, 'gone', now)
  const { email, name } = user
  if (isPlaceholderEmail(email) || !isPlainAddress(email)) return skip(tx, notices, 'no_address', now)
  const roles = parseRoles(user.roles)
  const actor: Actor & { userId: string } = { kind: 'person', userId, apiKeyId: null, name, email, roles }
  const judged = await judge(tx, actor, readChoices(stored?.value), notices)
  for (const { notice, skip: why } of judged) if (why !== null) await skip(tx, [notice], why, now)
  const sent = judged.filter((one) => one.skip === null)
  if (sent.length === 0) return 'nothing'
  const ids = sent.map(({ notice }) => notice.id)
  await tx.notice.updateMany({
    where: { id: { in: ids }, emailState: 'due' },
    data: { emailState: 'sending', emailAt: now, emailCode: null, emailTries: { increment: 1 } },
  })
  await markMailOnly(tx, ids, now)
  const letter = letterOf(
    sent.map(({ view }) => view),
    await readAddress(tx),
  )
  return { ids, to: email, ...letter }
}

async function skip(tx: Tx, notices: Notice[], code: string, now: Date): Promise<'nothing'> {
  const ids = notices.map(({ id }) => id)
  await tx.notice.updateMany({
    where: { id: { in: ids }, emailState: 'due' },
    data: { emailState: 'skipped', emailAt: now, emailCode: code },
  })
  await markMailOnly(tx, ids, now)
  return 'nothing'
}

/** What is only sent counts as read with its letter: nobody can read it in the app, and the next of its kind may come. */
async function markMailOnly(tx: Tx, ids: string[], now: Date): Promise<void> {
  await tx.notice.updateMany({
    where: { id: { in: ids }, kind: { startsWith: MAIL_ONLY }, readAt: null },
    data: { readAt: now },
  })
}

/** Writes down what became of a letter. Only what the server refused for now is tried again. */
async function record({ db, now }: MailContext, ids: string[], end: SendEnd): Promise<void> {
  const at = now()
  const mine = { id: { in: ids }, emailState: 'sending' }
  if (end.kind !== 'again') {
    const emailState = end.kind === 'delivered' ? 'sent' : end.kind === 'unknown' ? 'unknown' : 'failed'
    await db.notice.updateMany({ where: mine, data: { emailState, emailAt: at, emailCode: end.code } })
    return
  }
  // Those of one letter may have been tried differently often.
  for (const [index, wait] of WAITS_MS.entries()) {
    await db.notice.updateMany({
      where: { ...mine, emailTries: index + 1 },
      data: { emailState: 'due', emailAt: new Date(at.getTime() + wait), emailCode: end.code },
    })
  }
  await db.notice.updateMany({ where: mine, data: { emailState: 'failed', emailAt: at, emailCode: end.code } })
}
