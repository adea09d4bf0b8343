/** The budget of the whole installation for one day (UTC): a list that is only added to; its newest row counts. */
import type { Db, Tx } from '@/lib/store/db.server'
import { InvalidInput } from '@/lib/store/errors'
import { sanitiseText } from '@/lib/store/sanitise'
import { microsOf, usdOf } from './micros'
import type { DayBudgetItem } from './view'

const NEWEST = [{ createdAt: 'desc' }, { id: 'desc' }] as const

/** In millionths of a US dollar; null: no limit. */
export async function currentDayBudget(tx: Tx): Promise<bigint | null> {
  const row = await tx.dayBudget.findFirst({ orderBy: [...NEWEST], select: { micros: true } })
  return row?.micros ?? null
}

const LARGEST_USD = 1_000_000
const LONGEST_NOTE = 500

/**
 * Sets it for today and every day after; null ends it.
 * @throws {InvalidInput} pointing at the field that cannot be used.
 */
export async function setDayBudget(db: Db, authorId: string | null, usd: number | null, note: string): Promise<void> {
  if (usd !== null && !(Number.isFinite(usd) && microsOf(usd) > 0n && usd <= LARGEST_USD)) {
    throw refused('/usd', 'Give an amount in US dollars above 0 and up to 1,000,000, or leave it empty for no budget.')
  }
  if (note.length > LONGEST_NOTE) throw refused('/note', 'Give a note of at most 500 characters.')
  await db.dayBudget.create({
    data: { micros: usd === null ? null : microsOf(usd), note: sanitiseText(note.trim()), authorId },
  })
}

function refused(pointer: string, detail: string): InvalidInput {
  return new InvalidInput(detail, [{ pointer, detail }])
}

/** The newest `most` settings, the newest first: the first one counts. */
export async function listDayBudgets(tx: Tx, most: number): Promise<DayBudgetItem[]> {
  const rows = await tx.dayBudget.findMany({ orderBy: [...NEWEST], take: most })
  const authorIds = rows.flatMap(({ authorId }) => (authorId === null ? [] : [authorId]))
  const authors = await tx.user.findMany({ where: { id: { in: authorIds } }, select: { id: true, name: true } })
  return rows.map(({ id, micros, note, authorId, createdAt }) => ({
    id,
    usd: micros === null ? null : usdOf(micros),
    note,
    author: authors.find((author) => author.id === authorId)?.name ?? null,
    createdAt: createdAt.toISOString(),
  }))
}
