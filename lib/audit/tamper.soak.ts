import { expect, test } from 'vitest'
import { openGenerated, tamper } from '@/lib/testing/tampered'

/** Side by side: each waits for its database most of the time. */
const STORES = 4

test('of 10,000 random edits, additions, deletions and truncations, all are found, and without the chain none is', async () => {
  const cases = Number(process.env.HOLDPOINT_SOAK_TAMPERINGS ?? 10_000)
  const stores = await openGenerated(STORES)
  // Else something else would be found each time.
  for (const store of stores) expect(await store.verify()).toEqual([])
  const begun = performance.now()
  const done = await Promise.all(
    stores.map((store, index) => tamper(store, { cases: Math.ceil(cases / STORES), seed: 20_261_130 + index })),
  )
  const kinds = new Map<string, number>()
  for (const [name, count] of done.flatMap((part) => [...part.kinds])) kinds.set(name, (kinds.get(name) ?? 0) + count)
  const sum = [...kinds.values()].reduce((all, count) => all + count, 0)
  const lines = [...kinds].map(([name, count]) => `${count}\u00d7 ${name}`)
  console.info(
    `${sum} tamperings in ${Math.round((performance.now() - begun) / 1_000)} s\n${lines.toSorted().join('\n')}`,
  )
  expect(done.flatMap(({ missed }) => missed)).toEqual([])
  expect(done.flatMap(({ seenByControl }) => seenByControl)).toEqual([])
  for (const store of stores) await store[Symbol.asyncDispose]()
}, 7_200_000)
