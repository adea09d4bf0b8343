/** Searches that people keep under a name: their own, and those that somebody shares. */
import type { Actor } from '@/lib/access/actor'
import { hasRole } from '@/lib/access/can'
import type { Prisma } from '@/lib/generated/prisma/client'
import { LONGEST_SEARCH } from '@/lib/search/filter'
import { problemsOf } from '@/lib/search/search.server'
import type { Db, Tx } from '@/lib/store/db.server'
import { sanitiseText } from '@/lib/store/sanitise'
import { LONGEST_VIEW_NAME, MOST_PINNED, MOST_VIEWS, type SavedView, type ViewAsk } from './view'

/** A view cannot be kept, changed or shown so. The message is a sentence for its person. */
export class ViewRefused extends Error {
  override name = 'ViewRefused'
}

const GONE = 'This view was removed meanwhile.'

/** Which views `userId` may open. */
function visibleTo(userId: string): Prisma.SavedViewWhereInput {
  return { OR: [{ ownerId: userId }, { shared: true }] }
}

type Reader = Actor & { userId: string }

/** The views of `actor` and those that are shared, by name. */
export async function listViews(db: Db, actor: Reader, now = new Date()): Promise<SavedView[]> {
  const views = await db.savedView.findMany({
    where: visibleTo(actor.userId),
    include: { pins: { where: { userId: actor.userId } } },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
    take: MOST_VIEWS * 5,
  })
  const owners = await db.user.findMany({
    where: { id: { in: views.map(({ ownerId }) => ownerId) } },
    select: { id: true, name: true },
  })
  const nameOf = new Map(owners.map(({ id, name }) => [id, name]))
  const shown: SavedView[] = []
  for (const view of views) {
    const { id, name, filter, shared, ownerId, pins } = view
    shown.push({
      id,
      name,
      filter,
      sort: view.sort === 'oldest' ? 'oldest' : 'newest',
      shared,
      owner: { id: ownerId, name: nameOf.get(ownerId) ?? 'somebody who is no longer here' },
      mayChange: mayChange(actor, view),
      pinned: pins.length > 0,
      problem: await problemsOf(db, actor, filter, now),
    })
  }
  return shown
}

/** Its owner; and a lead, where it is shared. */
function mayChange(actor: Reader, { ownerId, shared }: { ownerId: string; shared: boolean }): boolean {
  return ownerId === actor.userId || (shared && hasRole(actor, 'lead'))
}

/** Keeps a view, and pins it for its owner where there is room. @returns its id. @throws {ViewRefused} */
export async function addView(db: Db, actor: Reader, ask: ViewAsk): Promise<{ id: string; pinned: boolean }> {
  const columns = checked(ask)
  return db.$transaction(async (tx) => {
    if ((await tx.savedView.count({ where: { ownerId: actor.userId } })) >= MOST_VIEWS) {
      throw new ViewRefused(`You keep ${MOST_VIEWS} views already. Remove one first.`)
    }
    const { id } = await tx.savedView.create({ data: { ownerId: actor.userId, ...columns } })
    const pinned = await pinIfRoom(tx, actor.userId, id)
    await tellOfViews(tx)
    return { id, pinned }
  })
}

/** @throws {ViewRefused} */
export async function changeView(db: Db, actor: Reader, id: string, ask: ViewAsk, now = new Date()): Promise<void> {
  const columns = checked(ask)
  await db.$transaction(async (tx) => {
    const view = await refuseOthers(tx, actor, id)
    // What is not shared any more is nobody's but its owner's, and a lead could not bring it back.
    if (view.shared && !columns.shared && view.ownerId !== actor.userId) {
      throw new ViewRefused('Only its owner may keep a shared view to themself.')
    }
    await tx.savedView.update({ where: { id }, data: { ...columns, updatedAt: now } })
    if (!columns.shared) await tx.savedViewPin.deleteMany({ where: { viewId: id, userId: { not: view.ownerId } } })
    await tellOfViews(tx)
  })
}

/** Removes a view, for everybody. One that is gone already is no error. @throws {ViewRefused} */
export async function removeView(db: Db, actor: Reader, id: string): Promise<void> {
  await db.$transaction(async (tx) => {
    if ((await tx.savedView.count({ where: { AND: [{ id }, visibleTo(actor.userId)] } })) === 0) return
    await refuseOthers(tx, actor, id)
    await tx.savedView.delete({ where: { id } })
    await tellOfViews(tx)
  })
}

/** Puts a view in the side bar of `actor`, or takes it away. @throws {ViewRefused} */
export async function pinView(db: Db, actor: Reader, id: string, pinned: boolean): Promise<void> {
  await db.$transaction(async (tx) => {
    if ((await tx.savedView.count({ where: { AND: [{ id }, visibleTo(actor.userId)] } })) === 0) {
      throw new ViewRefused(GONE)
    }
    if (!pinned) await tx.savedViewPin.deleteMany({ where: { viewId: id, userId: actor.userId } })
    else if (!(await pinIfRoom(tx, actor.userId, id))) {
      throw new ViewRefused(`The side bar has room for ${MOST_PINNED} views. Take one away first.`)
    }
    await tellOfViews(tx)
  })
}

async function pinIfRoom(tx: Tx, userId: string, viewId: string): Promise<boolean> {
  // Two pins at the same moment must not both find the last place.
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`holdpoint:pins:${userId}`}, 0))::text`
  const pins = await tx.savedViewPin.findMany({ where: { userId }, select: { viewId: true } })
  if (pins.some((pin) => pin.viewId === viewId)) return true
  if (pins.length >= MOST_PINNED) return false
  await tx.savedViewPin.create({ data: { userId, viewId } })
  return true
}

async function refuseOthers(tx: Tx, actor: Reader, id: string) {
  const view = await tx.savedView.findFirst({ where: { AND: [{ id }, visibleTo(actor.userId)] } })
  if (view === null) throw new ViewRefused(GONE)
  if (!mayChange(actor, view)) throw new ViewRefused('Only its owner or a lead may change a shared view.')
  return view
}

/** Side bars are read anew. */
async function tellOfViews(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_notify('holdpoint_search', '')`
}

function checked({ name, filter, sort, shared }: ViewAsk): ViewAsk {
  const words = sanitiseText(name).replaceAll(/\s+/g, ' ').trim()
  if (words === '') throw new ViewRefused('Give the view a name.')
  if (words.length > LONGEST_VIEW_NAME) throw new ViewRefused(`A name has at most ${LONGEST_VIEW_NAME} characters.`)
  const search = sanitiseText(filter).trim()
  if (search === '') throw new ViewRefused('There is nothing to keep: write a search first.')
  if (search.length > LONGEST_SEARCH) {
    throw new ViewRefused(`A search has at most ${LONGEST_SEARCH.toLocaleString('en')} characters.`)
  }
  return { name: words, filter: search, sort, shared }
}
