/** What the model did, as a job's page shows it: the newest attempt whole, of earlier ones the beginning. */
import type { Tx } from '@/lib/store/db.server'
import { cutJson } from '@/lib/store/sanitise'
import type { TraceItemView } from './view'

/** Of an item of an earlier attempt: enough to see what it was. Its payload has it all. */
const EARLIER_ITEM_BYTES = 4 * 1024
/** Items of earlier attempts that are read at all: an item can have 64 KB. Of the rest only the type is shown. */
const EARLIER_ITEMS = 64

/** The trace of `attempts` (newest first), newest attempt first, by position. */
export async function readTrace(tx: Tx, attempts: readonly { id: string; number: number }[]): Promise<TraceItemView[]> {
  const list = await tx.traceItem.findMany({
    where: { attemptId: { in: attempts.map(({ id }) => id) } },
    orderBy: [{ attempt: { number: 'desc' } }, { position: 'asc' }],
    select: { attemptId: true, position: true, type: true, cut: true },
  })
  // An attempt that is still running has none yet: then the one before it is what people look at.
  const newest = list[0]?.attemptId
  if (newest === undefined) return []
  const earlier = list.filter(({ attemptId }) => attemptId !== newest).slice(0, EARLIER_ITEMS)
  const read = await tx.traceItem.findMany({
    where: { OR: [{ attemptId: newest }, ...earlier.map(({ attemptId, position }) => ({ attemptId, position }))] },
    select: { attemptId: true, position: true, data: true },
  })
  const keyOf = (item: { attemptId: string; position: number }) => `${item.attemptId} ${item.position}`
  const dataOf = new Map(read.map((item) => [keyOf(item), item.data]))
  const numberOf = new Map(attempts.map(({ id, number }) => [id, number]))
  return list.map((item) => {
    const data = dataOf.get(keyOf(item))
    const shown =
      item.attemptId === newest ? { data, cut: false } : cutJson(data ?? { type: item.type }, EARLIER_ITEM_BYTES)
    return {
      attempt: numberOf.get(item.attemptId) ?? 0,
      position: item.position,
      type: item.type,
      data: shown.data,
      cut: item.cut || shown.cut || data === undefined,
    }
  })
}
