import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSmall, type Tampered, tamper } from '@/lib/testing/tampered'

let store: Tampered

beforeAll(async () => {
  store = await openSmall()
})
afterAll(() => store[Symbol.asyncDispose]())

test('of 150 random edits, deletions and truncations, all are found, and without the chain none is', async () => {
  const { cases, missed, seenByControl, kinds } = await tamper(store, { cases: 150, seed: 1 })
  expect(cases).toBe(150)
  expect(missed).toEqual([])
  expect(seenByControl).toEqual([])
  expect(kinds.size).toBeGreaterThan(15)
})

test('a store that nobody touched has nothing wrong', async () => {
  expect(await store.verify()).toEqual([])
})
