import { describe, expect, test } from 'vitest'
import { testDatabase } from '@/lib/testing/database'
import { setDayBudget } from './day-budget.server'
import { budget, definitionOf } from './fixtures'
import { priceOf } from './price.server'
import { addPrice, listPrices, type NewPrice, seedPrices } from './price-list.server'
import { refuseAtCreate } from './refuse.server'
import { shippedPrices } from './shipped-prices'
import { missingPrices, readSpending } from './spending.server'

const NOW = new Date('2026-11-24T10:00:00.000Z')
const day = (iso: string) => new Date(`${iso}T23:59:59.999Z`)
const model = (fields: Partial<Extract<NewPrice, { kind: 'model' }>> = {}): NewPrice => ({
  kind: 'model',
  name: 'm-1',
  validFrom: '2026-01-01',
  inputUsd: 1,
  cachedUsd: null,
  outputUsd: 10,
  source: 'a test',
  ...fields,
})

test('the newest day that has come wins, and of one day the newest row', async () => {
  await using database = await testDatabase()
  const { db } = database
  await addPrice(db, null, model({ inputUsd: 1 }))
  await addPrice(db, null, model({ inputUsd: 2, validFrom: '2026-06-01' }))
  await addPrice(db, null, model({ inputUsd: 3, validFrom: '2026-06-01' }))
  await addPrice(db, null, model({ inputUsd: 4, validFrom: '2026-12-01' }))
  const input = async (iso: string) => {
    const found = await priceOf(db, { kind: 'model', name: 'm-1-2026-05-05' }, day(iso))
    return found?.kind === 'model' ? Number(found.price.inputMicros) / 1e6 : null
  }
  expect(await input('2025-12-31')).toBeNull()
  expect(await input('2026-05-31')).toBe(1)
  expect(await input('2026-06-01')).toBe(3)
  expect(await input('2026-12-01')).toBe(4)
  expect(await listPrices(db)).toHaveLength(4)
})

test('shipped prices are added once by however many hosts, and never in the place of what was entered later', async () => {
  await using database = await testDatabase()
  const { db } = database
  await Promise.all([seedPrices(db), seedPrices(db), seedPrices(db)])
  expect(await db.price.count()).toBe(shippedPrices.length)
  await addPrice(db, null, model({ name: 'gpt-5.5', inputUsd: 7, validFrom: '2026-04-23' }))
  await seedPrices(db)
  const found = await priceOf(db, { kind: 'model', name: 'gpt-5.5' }, NOW)
  expect(found).toMatchObject({ price: { inputMicros: 7_000_000n }, source: 'a test' })
})

test('a price that makes no sense is refused at its field', async () => {
  await using database = await testDatabase()
  const { db } = database
  const wrong = async (price: NewPrice) => {
    const error = await addPrice(db, null, price).catch((refusal) => refusal)
    return error.errors.map(({ pointer }: { pointer: string }) => pointer)
  }
  expect(await wrong(model({ name: 'gpt 5', source: ' ', validFrom: '2026-02-30' }))).toEqual([
    '/name',
    '/validFrom',
    '/source',
  ])
  expect(await wrong(model({ inputUsd: -1, outputUsd: Number.NaN, cachedUsd: 1e9 }))).toEqual([
    '/input',
    '/cached',
    '/output',
  ])
  expect(await wrong({ kind: 'tool', name: 'web_search', validFrom: 'today', source: 'x', callUsd: 1 })).toEqual([
    '/validFrom',
  ])
  expect(await db.price.count()).toBe(0)
})

describe('before a job is made', () => {
  const ask = { characters: 500, now: NOW }

  test('nothing is said where there is no budget, whatever is known', async () => {
    await using database = await testDatabase()
    expect(await refuseAtCreate(database.db, definitionOf(), ask)).toBeNull()
  })

  test('it is refused where there is a budget and no price, and where one attempt would pass the budget', async () => {
    await using database = await testDatabase()
    const { db } = database
    const small = definitionOf(budget({ perJobUsd: 0.005 }))
    expect(await refuseAtCreate(db, small, ask)).toMatch(/^The price of m-1 is not known\. There is a budget/)
    await addPrice(db, null, model())
    expect(await refuseAtCreate(db, small, ask)).toMatch(
      /^One attempt of this job may cost up to \$0\.01\d+, and the budget of one job is \$0\.005\. /,
    )
    expect(await refuseAtCreate(db, small, { ...ask, budgetMicros: 1_000_000n })).toBeNull()
    await setDayBudget(db, null, 0.001, '')
    expect(await refuseAtCreate(db, definitionOf(), ask)).toMatch(
      /the budget of this installation for a day is \$0\.001/,
    )
    await setDayBudget(db, null, null, 'over')
    expect(await refuseAtCreate(db, definitionOf(), ask)).toBeNull()
  })
})

test('an installation that has never sent anything reads as such', async () => {
  await using database = await testDatabase()
  const spending = await readSpending(database.db, NOW)
  expect(spending.workflows).toEqual([])
  expect(spending.days.map(({ day: one }) => one)).toEqual([
    '2026-11-24',
    '2026-11-23',
    '2026-11-22',
    '2026-11-21',
    '2026-11-20',
    '2026-11-19',
    '2026-11-18',
  ])
  expect(await missingPrices(database.db, NOW)).toEqual([])
  await setDayBudget(database.db, null, 5, '')
  const limits = (await readSpending(database.db, NOW)).days.map(({ all }) => all.limitUsd)
  expect(limits).toEqual([5, null, null, null, null, null, null])
})
