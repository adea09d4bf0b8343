/** What a model, a tool or a call costs, by the price list as it stands in the database. */
import type { ReadResponse } from '@/lib/evidence/response'
import type { Attempt, Price } from '@/lib/generated/prisma/client'
import type { Tx } from '@/lib/store/db.server'
import { type Cost, costOf } from './cost'
import { dayOf } from './micros'
import { type ModelPrice, modelPrice, namesOf, type PriceBook } from './price-book'

/** The price on record for exactly this name, or for the model of which it is a snapshot. */
export type FoundPrice =
  | { kind: 'model'; name: string; price: ModelPrice; validFrom: Date; source: string }
  | { kind: 'tool'; name: string; callMicros: bigint; validFrom: Date; source: string }

/** Every price that holds on the day (UTC) of `at`: of several for one name the newest day wins, then the newest row. */
export async function priceBook(tx: Tx, at: Date): Promise<PriceBook> {
  const models = new Map<string, ModelPrice>()
  const tools = new Map<string, bigint>()
  for (const row of await pricesOn(tx, at)) {
    if (row.kind === 'tool') tools.set(row.name, row.callMicros ?? 0n)
    else models.set(row.name, modelPriceOf(row))
  }
  return { models, tools }
}

/** The price of a model or a tool on the day (UTC) of `at`, with where it is from; null where none is known. */
export async function priceOf(
  tx: Tx,
  { kind, name }: { kind: 'model' | 'tool'; name: string },
  at: Date,
): Promise<FoundPrice | null> {
  const rows = await pricesOn(tx, at)
  const names = kind === 'model' ? namesOf(name, null) : [name]
  const row = names.map((one) => rows.find((held) => held.kind === kind && held.name === one)).find((one) => one)
  if (row === undefined) return null
  const { validFrom, source } = row
  if (row.kind === 'tool') return { kind: 'tool', name: row.name, callMicros: row.callMicros ?? 0n, validFrom, source }
  return { kind: 'model', name: row.name, price: modelPriceOf(row), validFrom, source }
}

function pricesOn(tx: Tx, at: Date): Promise<Price[]> {
  return tx.price.findMany({
    where: { validFrom: { lte: new Date(dayOf(at)) } },
    orderBy: [{ kind: 'asc' }, { name: 'asc' }, { validFrom: 'desc' }, { createdAt: 'desc' }, { id: 'desc' }],
    distinct: ['kind', 'name'],
  })
}

function modelPriceOf({ name, inputMicros, cachedMicros, outputMicros }: Price): ModelPrice {
  return { name, inputMicros: inputMicros ?? 0n, cachedMicros, outputMicros: outputMicros ?? 0n }
}

/**
 * What a call cost by what its response says, at the prices of the day on which it was sent. Writes nothing. The model
 * that answered counts where its price is known, else the one that was asked for: the sandbox stands in for any, and a
 * gateway may answer by another name.
 */
export async function costOfResponse(
  tx: Tx,
  {
    attempt,
    reading,
  }: {
    attempt: Pick<Attempt, 'model' | 'sentAt'>
    reading: Pick<ReadResponse, 'usage' | 'items' | 'model' | 'serviceTier'>
  },
): Promise<Cost> {
  const book = await priceBook(tx, attempt.sentAt)
  const { usage, items, serviceTier } = reading
  const inputTokens = usage?.inputTokens ?? 0
  const isPriced = (model: string) => modelPrice(book, { model, serviceTier, inputTokens }) !== null
  const model = reading.model !== null && isPriced(reading.model) ? reading.model : attempt.model
  return costOf({ usage, items, model, serviceTier, book })
}
