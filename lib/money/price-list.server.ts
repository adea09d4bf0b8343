/** The price list: dated rows that are only ever added to, so that what a call cost can be told years later. */
import type { Db, Tx } from '@/lib/store/db.server'
import { InvalidInput } from '@/lib/store/errors'
import { sanitiseText } from '@/lib/store/sanitise'
import { dayOf, microsOf, usdOf } from './micros'
import { shippedPrices } from './shipped-prices'
import type { PriceItem } from './view'

/** Adds each shipped price once, whatever a team did with it since. May be run at every start, by several hosts at once. */
export async function seedPrices(db: Db): Promise<void> {
  await db.$transaction(async (tx) => {
    // Two hosts that start together would add each row twice.
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('holdpoint:prices', 0))`
    for (const { kind, name, validFrom, source, ...usd } of shippedPrices) {
      const row = { kind, name, validFrom: new Date(validFrom), source, authorId: null }
      if ((await tx.price.count({ where: row })) > 0) continue
      await tx.price.create({
        data: {
          ...row,
          ...('call' in usd
            ? { callMicros: microsOf(usd.call) }
            : {
                inputMicros: microsOf(usd.input),
                cachedMicros: usd.cached === null ? null : microsOf(usd.cached),
                outputMicros: microsOf(usd.output),
              }),
        },
      })
    }
  })
}

/** A price as a person enters it, in US dollars: of a model for a million tokens, of a tool for one call. */
export type NewPrice = { validFrom: string; source: string } & (
  | { kind: 'model'; name: string; inputUsd: number; cachedUsd: number | null; outputUsd: number }
  | { kind: 'tool'; name: string; callUsd: number }
)

/** Dearer than any price there is: a slip of the keyboard. */
const DEAREST_USD = 10_000
const NAME = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,119}$/

/**
 * Adds a price. None is ever changed or removed: a wrong one is corrected by a newer one for the same day.
 * @throws {InvalidInput} pointing at the field that cannot be used.
 */
export async function addPrice(db: Db, authorId: string | null, price: NewPrice): Promise<void> {
  const errors = priceErrors(price)
  if (errors.length > 0) throw new InvalidInput(errors.map(({ detail }) => detail).join(' '), errors)
  await db.price.create({
    data: {
      kind: price.kind,
      name: price.name,
      validFrom: new Date(price.validFrom),
      source: sanitiseText(price.source.trim()),
      authorId,
      ...(price.kind === 'tool'
        ? { callMicros: microsOf(price.callUsd) }
        : {
            inputMicros: microsOf(price.inputUsd),
            cachedMicros: price.cachedUsd === null ? null : microsOf(price.cachedUsd),
            outputMicros: microsOf(price.outputUsd),
          }),
    },
  })
}

function priceErrors(price: NewPrice): { pointer: string; detail: string }[] {
  const errors: { pointer: string; detail: string }[] = []
  const wrong = (field: string, detail: string) => errors.push({ pointer: `/${field}`, detail })
  if (!NAME.test(price.name)) {
    wrong('name', 'Give the name as the provider writes it, such as gpt-5.5: letters, digits, dots, hyphens, colons.')
  }
  const day = new Date(price.validFrom)
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(price.validFrom) && !Number.isNaN(day.getTime())
  if (!isDay || dayOf(day) !== price.validFrom || day.getUTCFullYear() < 2020 || day.getUTCFullYear() > 2100) {
    wrong('validFrom', 'Give the day from which it holds as year-month-day, such as 2026-11-24.')
  }
  const source = price.source.trim()
  if (source === '') wrong('source', 'Say where the price is from: a page and its date, or a contract.')
  else if (source.length > 1_000) wrong('source', 'Say where the price is from in at most 1,000 characters.')
  const amounts: [string, number | null][] =
    price.kind === 'tool'
      ? [['call', price.callUsd]]
      : [
          ['input', price.inputUsd],
          ['cached', price.cachedUsd],
          ['output', price.outputUsd],
        ]
  for (const [field, usd] of amounts) {
    if (usd === null) continue
    if (!Number.isFinite(usd) || usd < 0 || usd > DEAREST_USD) {
      wrong(field, 'Give an amount in US dollars, from 0 to 10,000, such as 1.25.')
    }
  }
  return errors
}

/** Every price there ever was, by name, the newest of each name first. */
export async function listPrices(tx: Tx): Promise<PriceItem[]> {
  const rows = await tx.price.findMany({
    orderBy: [{ kind: 'asc' }, { name: 'asc' }, { validFrom: 'desc' }, { createdAt: 'desc' }, { id: 'desc' }],
  })
  const authorIds = [...new Set(rows.flatMap(({ authorId }) => (authorId === null ? [] : [authorId])))]
  const authors = await tx.user.findMany({ where: { id: { in: authorIds } }, select: { id: true, name: true } })
  const usd = (micros: bigint | null) => (micros === null ? null : usdOf(micros))
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind as PriceItem['kind'],
    name: row.name,
    validFrom: dayOf(row.validFrom),
    inputUsd: usd(row.inputMicros),
    cachedUsd: usd(row.cachedMicros),
    outputUsd: usd(row.outputMicros),
    callUsd: usd(row.callMicros),
    source: row.source,
    author: authors.find(({ id }) => id === row.authorId)?.name ?? null,
    createdAt: row.createdAt.toISOString(),
  }))
}
