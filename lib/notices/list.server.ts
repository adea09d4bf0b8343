/** The notices of one person: reading them, and marking them as read. */
import type { Actor } from '@/lib/access/actor'
import type { Prisma } from '@/lib/generated/prisma/client'
import type { Db, Tx } from '@/lib/store/db.server'
import { noticeKinds } from './kinds'
import { tellOpenPages } from './leave.server'
import { type MarkRead, MOST_UNREAD, type NoticeList } from './view'
import { noticeViews } from './views.server'

/** How many are listed: a person who was away for longer looks at the list of jobs. */
const MOST_LISTED = 50

/**
 * What `actor` was told, the newest first, and how much of it they have not read. Jobs are named only where they may
 * still see them. The key of a service stands for nobody, so nobody is told anything through it.
 */
export async function readNotices(tx: Tx, actor: Actor, { limit = MOST_LISTED } = {}): Promise<NoticeList> {
  const { userId } = actor
  if (userId === null) return { unread: 0, items: [] }
  // Kinds that are only sent are not listed. And while hosts are updated one by one, another may leave kinds that this
  // one has no words for.
  const where: Prisma.NoticeWhereInput = { userId, kind: { in: [...noticeKinds] } }
  const [unread, notices] = await Promise.all([
    tx.notice.count({ where: { ...where, readAt: null }, take: MOST_UNREAD }),
    tx.notice.findMany({
      where,
      orderBy: [{ at: 'desc' }, { id: 'desc' }],
      take: limit,
    }),
  ])
  return { unread, items: await noticeViews(tx, actor, notices) }
}

/**
 * Marks notices of this person as read, and never those of others.
 * @returns how many were not read before.
 */
export async function markRead(db: Db, userId: string, which: MarkRead, now: Date): Promise<number> {
  const chosen: Prisma.NoticeWhereInput =
    'ids' in which ? { id: { in: which.ids } } : which.upTo === undefined ? {} : { at: { lte: new Date(which.upTo) } }
  return db.$transaction(async (tx) => {
    const { count } = await tx.notice.updateMany({
      where: { AND: [{ userId, readAt: null, kind: { in: [...noticeKinds] } }, chosen] },
      data: { readAt: now },
    })
    if (count > 0) await tellOpenPages(tx)
    return count
  })
}
