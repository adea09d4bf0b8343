/** Jobs that may belong to another one. Each query is bounded by an index, and reads only what the reader may see. */
import type { Actor } from '@/lib/access/actor'
import { readScope } from '@/lib/access/can'
import type { Prisma } from '@/lib/generated/prisma/client'
import { findJobId } from '@/lib/jobs/detail.server'
import type { State } from '@/lib/lifecycle/table'
import type { Tx } from '@/lib/store/db.server'
import type { RelatedJob, RelatedView } from './related-view'

/** So many of each kind are named. */
const MOST = 8
const AROUND_MS = 7 * 86_400_000

const select = {
  id: true,
  number: true,
  title: true,
  state: true,
  createdAt: true,
  workflowVersion: { select: { name: true } },
} satisfies Prisma.JobSelect

/** @param key the job's id or number. @returns null where `actor` may see no such job. */
export async function readRelated(tx: Tx, actor: Actor, key: string): Promise<RelatedView | null> {
  const id = await findJobId(tx, actor, key)
  if (id === null) return null
  const { number, reference, requesterId, requesterKeyId, createdAt } = await tx.job.findUniqueOrThrow({
    where: { id },
    select: { number: true, reference: true, requesterId: true, requesterKeyId: true, createdAt: true },
  })
  const scope = readScope(actor)
  // By the index on the reference, and by that on who asked and the number.
  const same =
    reference === null
      ? []
      : await tx.job.findMany({
          where: { AND: [scope, { reference, id: { not: id } }] },
          orderBy: { number: 'desc' },
          take: MOST + 1,
          select,
        })
  const asked = requesterId === null ? null : { requesterId, requesterKeyId }
  const besides = { NOT: { reference: reference ?? undefined } } satisfies Prisma.JobWhereInput
  const around = (way: 'asc' | 'desc') =>
    asked === null
      ? Promise.resolve([])
      : tx.job.findMany({
          where: {
            AND: [
              scope,
              reference === null ? {} : { OR: [{ reference: null }, besides] },
              {
                ...asked,
                number: way === 'asc' ? { gt: number } : { lt: number },
                createdAt: {
                  gte: new Date(createdAt.getTime() - AROUND_MS),
                  lte: new Date(createdAt.getTime() + AROUND_MS),
                },
              },
            ],
          },
          orderBy: { number: way },
          take: MOST + 1,
          select,
        })
  const near = [...(await around('desc')), ...(await around('asc'))].toSorted(
    (one, other) => Math.abs(one.number - number) - Math.abs(other.number - number),
  )
  return { sameReference: groupOf(same), sameRequester: groupOf(near) }
}

type Found = Prisma.JobGetPayload<{ select: typeof select }>

function groupOf(found: readonly Found[]): { items: RelatedJob[]; hasMore: boolean } {
  return {
    items: found.slice(0, MOST).map(({ workflowVersion, state, createdAt, ...job }) => ({
      ...job,
      workflow: workflowVersion.name,
      state: state as State,
      createdAt: createdAt.toISOString(),
    })),
    hasMore: found.length > MOST,
  }
}
