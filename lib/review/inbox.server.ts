/** The inbox: what waits for a person, in the order in which it asks for somebody, as one person sees it. */
import type { Actor } from '@/lib/access/actor'
import { hasRole } from '@/lib/access/can'
import { Prisma } from '@/lib/generated/prisma/client'
import { rowInclude, rowOf } from '@/lib/jobs/row.server'
import { type QueueSight, queueSight } from '@/lib/queues/sight.server'
import type { Db, Tx } from '@/lib/store/db.server'
import { Forbidden } from '@/lib/store/errors'
import { activeClaims } from '@/lib/store/facts.server'
import { definitionOf } from '@/lib/workflows/store.server'
import { seenBy } from './blind'
import { EVERYTHING, INBOX_LIMIT, type InboxFilter, type InboxQuery } from './inbox-query'
import { freshSince, type Place, readStanding, type Standing } from './inbox-sql.server'
import { whyNot } from './inbox-why'
import { readCursor, writeCursor } from './order'
import { type Inbox, type InboxCount, type InboxItem, inboxViews } from './view'
import { policyReason } from './words'

/** What was read, and when it stops being true by itself. */
export type Read<T> = { value: T; changesAt: Date | null }

/** Whoever may decide something: the others have no inbox. */
export function hasInbox(actor: Pick<Actor, 'roles'>): boolean {
  return hasRole(actor, 'reviewer') || hasRole(actor, 'support')
}

/** @throws {Forbidden} for whoever may decide nothing. */
export function refuseWithoutInbox(actor: Pick<Actor, 'roles'>): void {
  if (!hasInbox(actor)) throw new Forbidden('The inbox is for those who review and for support.')
}

/** One snapshot: the counts, the list and its rows are of the same moment. */
const ONE_MOMENT = { isolationLevel: Prisma.TransactionIsolationLevel.RepeatableRead }

/**
 * One page of the inbox of `actor`: the jobs with an open round, and those whose delivery asks for somebody, in the order
 * of `order.ts`; which of them in which view is said at `readStanding`. The counts by view are of everything that the
 * filter lets through; those by workflow are of the chosen view, over all workflows.
 * @throws {Forbidden} for whoever may decide nothing.
 */
export async function readInbox(
  db: Db,
  actor: Actor,
  query: Partial<InboxQuery> = {},
  now = new Date(),
): Promise<Read<Inbox>> {
  refuseWithoutInbox(actor)
  const { view = 'anyone', after = null, limit = INBOX_LIMIT, ...rest } = query
  const filter: InboxFilter = { ...EVERYTHING, ...rest }
  const cursor = after === null ? null : readCursor(after, now.getTime())
  return db.$transaction(async (tx) => {
    const standing = await readStanding(tx, actor, { filter, view, after: cursor, limit: limit + 1, now })
    const page = standing.places.slice(0, limit)
    const last = page.at(-1)
    const hasMore = standing.places.length > limit && last !== undefined
    const asOf = cursor?.asOf ?? now.getTime()
    const value: Inbox = {
      items: await readItems(tx, actor, page, now),
      nextCursor: hasMore ? writeCursor({ asOf, ...last }) : null,
      counts: countsOf(standing, filter),
      workflows: await workflowsOf(tx, standing, view, filter),
      asOf: now.toISOString(),
    }
    return { value, changesAt: standing.changesAt }
  }, ONE_MOMENT)
}

/** The counts alone, of everything that waits. @throws {Forbidden} for whoever may decide nothing. */
export async function countInbox(tx: Tx, actor: Actor, now = new Date()): Promise<Read<InboxCount>> {
  refuseWithoutInbox(actor)
  const standing = await readStanding(tx, actor, { filter: EVERYTHING, view: 'anyone', after: null, limit: 0, now })
  return {
    value: { counts: countsOf(standing, EVERYTHING), asOf: now.toISOString() },
    changesAt: standing.changesAt,
  }
}

function countsOf({ counts }: Standing, { workflow }: InboxFilter): Inbox['counts'] {
  const zero = Object.fromEntries(inboxViews.map((view) => [view, 0])) as Inbox['counts']
  for (const { view, workflow: key, count } of counts) {
    if (workflow === null || workflow === key) zero[view] += count
  }
  return zero
}

/** The one that was chosen is always among them, with nothing where it has nothing. */
async function workflowsOf(
  tx: Tx,
  { counts }: Standing,
  view: InboxItem['view'],
  { workflow: chosen }: InboxFilter,
): Promise<Inbox['workflows']> {
  const of = counts.filter((entry) => entry.view === view)
  if (chosen !== null && !of.some(({ workflow }) => workflow === chosen)) of.push({ view, workflow: chosen, count: 0 })
  const names = await tx.$queryRaw<{ key: string; name: string }[]>`
    SELECT w.key, v.name FROM workflow w JOIN workflow_version v ON v.key = w.key AND v.version = w.current_version
     WHERE w.key = ANY (${of.map(({ workflow }) => workflow)}::text[])`
  const nameOf = new Map(names.map(({ key, name }) => [key, name]))
  return of
    .map(({ workflow: key, count }) => ({ key, name: nameOf.get(key) ?? key, count }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en'))
}

const itemInclude = {
  ...rowInclude,
  rounds: {
    where: { closedAt: null },
    include: { decisions: true, claims: { where: { releasedAt: null }, orderBy: { claimedAt: 'asc' } } },
  },
} satisfies Prisma.JobInclude
type ItemJob = Prisma.JobGetPayload<{ include: typeof itemInclude }>

/** The rows of a page: each table is asked once, however many rows there are. */
async function readItems(tx: Tx, actor: Actor, page: readonly Place[], now: Date): Promise<InboxItem[]> {
  if (page.length === 0) return []
  const ids = page.map(({ id }) => id)
  const jobs = await tx.job.findMany({ where: { id: { in: ids } }, include: itemInclude })
  const looks = await tx.presence.findMany({
    where: { jobId: { in: ids }, at: { gt: freshSince(now) }, ...(actor.userId && { userId: { not: actor.userId } }) },
    orderBy: { userId: 'asc' },
  })
  const sight = await queueSight(tx, jobs)
  const names = await namesOf(tx, jobs, looks)
  const notes = await notesOf(tx, jobs)
  const byId = new Map(jobs.map((job) => [job.id, job]))
  return page.flatMap((place) => {
    const job = byId.get(place.id)
    if (job === undefined) return []
    const lookers = looks.filter(({ jobId }) => jobId === job.id).map(({ userId }) => personOf(userId, names))
    return [itemOf(job, place, { actor, names, notes, lookers, sight, now })]
  })
}

type Names = ReadonlyMap<string, string>
type ItemContext = {
  actor: Actor
  names: Names
  notes: ReadonlyMap<string, string | null>
  lookers: InboxItem['lookers']
  sight: QueueSight
  now: Date
}

const personOf = (id: string, names: Names) => ({ id, name: names.get(id) ?? 'somebody who is no longer here' })

function itemOf(job: ItemJob, place: Place, { actor, names, notes, lookers, sight, now }: ItemContext): InboxItem {
  const round = job.rounds[0]
  const claims = round === undefined ? [] : seenBy(actor, round, activeClaims(round, now))
  const assigneeId = round?.assigneeId ?? null
  const snooze = snoozeOf(job, names, notes, now)
  const holders = claims
    .filter(({ userId }) => userId !== actor.userId)
    .map(({ userId }) => personOf(userId, names).name)
  return {
    ...rowOf(job, sight),
    round: round === undefined ? null : roundOf(round, job),
    resultKind: definitionOf(job.workflowVersion).kind,
    view: place.view,
    why: whyNot({
      ...place,
      holders,
      assignee: assigneeId === null || assigneeId === actor.userId ? null : personOf(assigneeId, names).name,
      snooze: snooze && { by: snooze.by?.name ?? null, note: snooze.note },
    }),
    claims: claims.map(({ userId, until }) => ({ by: personOf(userId, names), until: until.toISOString() })),
    assignee: assigneeId === null ? null : personOf(assigneeId, names),
    snooze,
    lookers,
  }
}

function roundOf(round: ItemJob['rounds'][number], job: ItemJob): InboxItem['round'] {
  return {
    number: round.number,
    kind: round.kind,
    openedAt: round.openedAt.toISOString(),
    dueAt: round.dueAt?.toISOString() ?? null,
    risk: round.risk,
    reason: reasonOf(round, job),
    isSample: round.isSample,
    individually: round.individually,
    deliveryKind: round.deliveryKind,
    deliveryTo: round.deliveryTo,
    resultHash: round.resultHash,
    deliveryHash: round.deliveryHash,
  }
}

/** Where no rule raised the risk of a result, its checks or its claims did: see `choosePolicy`. */
function reasonOf(round: ItemJob['rounds'][number], job: ItemJob): string | null {
  if (round.kind !== 'result') return null
  const rule = round.policyRule === null ? null : { id: round.policyRule, label: round.policyLabel ?? round.policyRule }
  const policy = { ...round, roles: round.stepRoles as Parameters<typeof policyReason>[0]['roles'], rule }
  const said = policyReason(policy, definitionOf(job.workflowVersion).review)
  if (said !== null || round.risk === 0) return said
  return 'A check did not pass, or nothing carries one of its claims.'
}

function snoozeOf(job: ItemJob, names: Names, notes: ItemContext['notes'], now: Date): InboxItem['snooze'] {
  const round = job.rounds[0]
  if (round === undefined || round.snoozedUntil === null || round.snoozedUntil <= now) return null
  return {
    until: round.snoozedUntil.toISOString(),
    by: round.snoozedBy === null ? null : personOf(round.snoozedBy, names),
    note: round.snoozeNoteSha256 === null ? null : (notes.get(round.snoozeNoteSha256) ?? null),
  }
}

/** Of people and of keys, which may snooze too. */
async function namesOf(tx: Tx, jobs: readonly ItemJob[], looks: readonly { userId: string }[]): Promise<Names> {
  const ids = jobs
    .flatMap(({ rounds }) => rounds)
    .flatMap(({ claims, assigneeId, snoozedBy }) => [...claims.map(({ userId }) => userId), assigneeId, snoozedBy])
    .concat(looks.map(({ userId }) => userId))
    .filter((id) => id !== null)
  if (ids.length === 0) return new Map()
  const found = await tx.$queryRaw<{ id: string; name: string }[]>`
    SELECT id, name FROM user_account WHERE id = ANY (${[...new Set(ids)]}::text[])
    UNION ALL SELECT id::text, name FROM api_key WHERE id::text = ANY (${[...new Set(ids)]}::text[])`
  return new Map(found.map(({ id, name }) => [id, name]))
}

/** Only what is shown: the notes of snoozes on this page. A note is short: its bytes are one chunk. */
async function notesOf(tx: Tx, jobs: readonly ItemJob[]): Promise<Map<string, string | null>> {
  const hashes = jobs.flatMap(({ rounds }) => rounds.flatMap(({ snoozeNoteSha256 }) => snoozeNoteSha256 ?? []))
  if (hashes.length === 0) return new Map()
  const chunks = await tx.blobChunk.findMany({
    where: { sha256: { in: [...new Set(hashes)] }, position: 0, blob: { erasedAt: null } },
  })
  return new Map(chunks.map(({ sha256, bytes }) => [sha256, new TextDecoder().decode(bytes)]))
}
