/** What waits for whom, worked out by the database in one statement, so that counts and lists are of one moment. */
import type { Actor } from '@/lib/access/actor'
import { hasRole, rolesWith } from '@/lib/access/can'
import { Prisma } from '@/lib/generated/prisma/client'
import { roles } from '@/lib/lifecycle/table'
import type { Tx } from '@/lib/store/db.server'
import type { InboxFilter } from './inbox-query'
import type { Cursor } from './order'
import { FRESH_MS } from './presence'
import type { InboxViewName } from './view'

/**
 * Why somebody cannot take the next step, as a code: they approved it already; it is for whoever reviews, for support,
 * for a person, for somebody who did not ask for it, or for the role that is named.
 */
export type Block = 'approved' | 'reviewer' | 'support' | 'person' | 'requester' | `role:${string}`

/** The place of one item. `since` in milliseconds since 1970. */
export type Place = {
  id: string
  number: number
  view: InboxViewName
  block: Block | null
  /** Others hold every place that is left. */
  full: boolean
  bucket: number
  risk: number
  since: number
}

export type Standing = {
  /** Of the chosen view, from the cursor on, in the order of the inbox. */
  places: Place[]
  counts: { view: InboxViewName; workflow: string; count: number }[]
  /** When this stops being true by itself: a lease runs out, a due time passes, a snooze ends, somebody looks away. */
  changesAt: Date | null
}

export type Ask = {
  filter: InboxFilter
  view: InboxViewName
  after: Cursor | null
  /** At most so many places; 0: only the counts. */
  limit: number
  /** Only this job. */
  job?: string
  now: Date
}

/**
 * Reads the standing of everything that asks for a person, as `actor` sees it.
 *
 * The views, the first that fits: `snoozed` while it is put away, whoever did that; `mine` while this person holds it;
 * `others` once this person has approved it in this round; `mine` where it is assigned to this person; `others` where
 * the next step is not theirs to take, where others hold every place, or where it is assigned to somebody else;
 * `anyone`. The order is that of `order.ts`.
 */
export async function readStanding(tx: Tx, actor: Actor, ask: Ask): Promise<Standing> {
  const { after, limit, now, view } = ask
  const rows = await tx.$queryRaw<
    { places: Place[] | null; counts: Standing['counts'] | null; changes: Date | null }[]
  >`
    WITH ${viewedBy(actor, ask)}
    SELECT
      (SELECT json_agg(p) FROM (
        SELECT id, number, view, block, is_full AS full, bucket, risk, (extract(epoch FROM since) * 1000)::bigint AS since FROM (
          SELECT * FROM viewed WHERE view = ${view} AND in_workflow AND ${comesAfter(after)}
           ORDER BY bucket, risk DESC, since, number LIMIT ${limit}::int) one) p) AS places,
      (SELECT json_agg(c) FROM (
        SELECT view, workflow_key AS workflow, count(*)::int AS count FROM viewed GROUP BY 1, 2) c) AS counts,
      least(
        (SELECT min(lease_until) FROM review_claim WHERE released_at IS NULL AND lease_until > ${now}::timestamptz),
        (SELECT min(at) FROM presence WHERE at > ${freshSince(now)}::timestamptz) + ${FRESH_MS}::int * interval '1 millisecond',
        (SELECT least(min(snoozed_until) FILTER (WHERE snoozed_until > ${now}::timestamptz),
                      min(due_at) FILTER (WHERE due_at > ${now}::timestamptz),
                      min(due_at) FILTER (WHERE due_at > ${later(now, 4)}::timestamptz) - interval '4 hours',
                      min(due_at) FILTER (WHERE due_at > ${later(now, 24)}::timestamptz) - interval '24 hours') FROM viewed)) AS changes`
  const row = rows[0]
  return { places: row?.places ?? [], counts: row?.counts ?? [], changesAt: row?.changes ?? null }
}

/** Whoever was seen at a job after this moment looks at it now. */
export function freshSince(now: Date): Date {
  return new Date(now.getTime() - FRESH_MS)
}

/** Everything that waits, with whose it is to do and where it stands in the order: the common part of the queries. */
export function viewedBy(actor: Actor, { filter, after, job, now }: Ask): Prisma.Sql {
  const me = actor.userId
  const held = roles.filter((role) => hasRole(actor, role))
  const isReviewer = held.includes('reviewer')
  const isSupport = held.includes('support')
  // The order of a page that goes on is that of the page before it.
  const orderedAt = after === null ? now : new Date(after.asOf)
  return Prisma.sql`
    approved AS (
      SELECT d.round_id, count(DISTINCT d.user_id)::int AS people, bool_or(d.user_id = ${me}) AS mine
        FROM review_round r
        JOIN decision d ON d.round_id = r.id AND d.command = 'endorse' AND d.voided_at IS NULL
         AND d.result_hash = r.result_hash AND d.delivery_hash IS NOT DISTINCT FROM r.delivery_hash
       WHERE r.closed_at IS NULL AND r.approvals > 1 GROUP BY d.round_id),
    held AS (
      SELECT c.round_id, count(*) FILTER (WHERE c.user_id IS DISTINCT FROM ${me} AND ${HAS_STEP_LEFT})::int AS others,
             bool_or(c.user_id = ${me}) AS mine
        FROM review_claim c
        JOIN review_round r ON r.id = c.round_id
        JOIN user_account u ON u.id = c.user_id
        LEFT JOIN approved a ON a.round_id = r.id
       WHERE c.released_at IS NULL AND c.lease_until > ${now}::timestamptz GROUP BY c.round_id),
    waiting AS (
      SELECT j.id, j.number, j.workflow_key, r.risk, r.due_at, r.opened_at AS since, r.snoozed_until, r.assignee_id,
             coalesce(h.mine, false) AS is_held, coalesce(h.others, 0) >= CASE WHEN r.kind = 'result' THEN r.approvals - coalesce(a.people, 0) ELSE 1 END AS is_full,
             CASE
               WHEN a.mine THEN 'approved'
               WHEN r.kind IN ('result', 'permission') AND NOT ${isReviewer}::bool THEN 'reviewer'
               WHEN r.kind <> 'result' THEN NULL
               WHEN ${me}::text IS NULL THEN 'person'
               WHEN NOT r.requester_may_approve AND j.requester_id = ${me} THEN 'requester'
               WHEN r.step_roles[coalesce(a.people, 0) + 1] <> ALL (${[...held]}::text[]) THEN 'role:' || r.step_roles[coalesce(a.people, 0) + 1]
             END AS block
        FROM review_round r
        JOIN job j ON j.id = r.job_id AND j.state = 'awaiting_review'
        LEFT JOIN held h ON h.round_id = r.id
        LEFT JOIN approved a ON a.round_id = r.id
       WHERE r.closed_at IS NULL ${matching(filter, Prisma.sql`r.kind`, Prisma.sql`r.risk`, job)}
      UNION ALL
      SELECT j.id, j.number, j.workflow_key, 0, j.next_due_at, j.changed_at, NULL, NULL, false, false,
             CASE WHEN j.next_kind = 'settle_delivery' AND NOT ${isSupport}::bool THEN 'support' END
        FROM job j
       WHERE j.state = 'completed' AND j.next_kind <> 'none' AND j.next_kind IN ('settle_delivery', 'hand_over')
             ${matching(filter, Prisma.sql`'delivery'`, Prisma.sql`0`, job)}),
    viewed AS MATERIALIZED (
      SELECT id, number, workflow_key, risk, block, is_full, since, due_at, snoozed_until,
             ${filter.workflow}::text IS NULL OR workflow_key = ${filter.workflow} AS in_workflow,
             CASE WHEN due_at <= ${orderedAt}::timestamptz THEN 0
                  WHEN due_at <= ${later(orderedAt, 4)}::timestamptz THEN 1
                  WHEN due_at <= ${later(orderedAt, 24)}::timestamptz THEN 2
                  ELSE 3 END AS bucket,
             CASE
               WHEN snoozed_until > ${now}::timestamptz THEN 'snoozed'
               WHEN is_held THEN 'mine'
               WHEN block = 'approved' THEN 'others'
               WHEN assignee_id = ${me} THEN 'mine'
               WHEN block IS NOT NULL OR is_full OR assignee_id IS NOT NULL THEN 'others'
               ELSE 'anyone'
             END AS view
        FROM waiting)`
}

/** As `hasStepLeft`: the person `u`, who holds a place in the round `r`, has the role of an approval that is left in it. */
const HAS_STEP_LEFT = Prisma.sql`(r.step_roles = '{}' OR EXISTS (
  SELECT 1 FROM unnest(r.step_roles[coalesce(a.people, 0) + 1:]) step
    JOIN (VALUES ${Prisma.join(roles.map((role) => Prisma.sql`(${role}::text, ${rolesWith([role])}::text[])`))}) AS wider (role, held_as)
      ON wider.role = step AND u.roles && wider.held_as))`

/** Worked out here and not by the database, which would do so anew for every row. */
function later(from: Date, hours: number): Date {
  return new Date(from.getTime() + hours * 3_600_000)
}

function comesAfter(after: Cursor | null): Prisma.Sql {
  if (after === null) return Prisma.sql`true`
  const { bucket, risk, since, number } = after
  return Prisma.sql`(bucket, -risk, since, number) > (${bucket}::int, ${-risk}::int, ${new Date(since)}::timestamptz, ${number}::int)`
}

/** The workflow is no condition here: what is counted by workflow goes over all of them. */
function matching({ kind, risk, q }: InboxFilter, kindIs: Prisma.Sql, riskIs: Prisma.Sql, job?: string): Prisma.Sql {
  const parts: Prisma.Sql[] = []
  if (kind !== null) parts.push(Prisma.sql`AND ${kindIs} = ${kind}`)
  if (risk !== null) parts.push(Prisma.sql`AND ${riskIs} = ${risk}::int`)
  if (job !== undefined) parts.push(Prisma.sql`AND j.id = ${job}::uuid`)
  if (q !== '') {
    const number = /^#?(\d{1,9})$/.exec(q)?.[1]
    const words = `%${q.replace(/[\\%_]/g, '\\$&')}%`
    parts.push(
      Prisma.sql`AND (j.title ILIKE ${words} OR j.number = ${number === undefined ? null : Number(number)}::int)`,
    )
  }
  return parts.length === 0 ? Prisma.empty : Prisma.join(parts, ' ')
}
