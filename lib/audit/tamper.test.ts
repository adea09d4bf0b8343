import { afterAll, beforeAll, expect, test } from 'vitest'
import { seeded } from '@/lib/generate/seeded'
import { TAMPERINGS, tamperable } from '@/lib/testing/tamper'
import { openSmall, type Tampered, tamper } from '@/lib/testing/tampered'
import { takeAnchor } from './anchor.server'
import { queryOf } from './query.server'

let store: Tampered

beforeAll(async () => {
  store = await openSmall()
})
afterAll(() => store[Symbol.asyncDispose]())

test('of 250 random edits, additions, deletions and truncations, all are found, and without the chain none is', async () => {
  const { cases, missed, seenByControl, kinds } = await tamper(store, { cases: 250, seed: 1 })
  expect(cases).toBe(250)
  expect(missed).toEqual([])
  expect(seenByControl).toEqual([])
  expect(kinds.size).toBeGreaterThan(30)
})

test('a store that nobody touched has nothing wrong', async () => {
  expect(await store.verify()).toEqual([])
})

test('a decision that nobody gave is found also where an anchor has taken it up', async () => {
  const { client } = store
  await client.query('BEGIN')
  try {
    await client.query('SET LOCAL session_replication_role = replica')
    const world = { client, chance: seeded(7), ...(await tamperable(client)) }
    const what = await TAMPERINGS.find(({ name }) => name === 'a decision is added')?.run(world)
    await client.query('INSERT INTO anchor_pending (job_id) SELECT $1', [what?.split(' of ')[1]])
    const waiting = (await store.verify()).map(({ code }) => code)
    expect(await takeAnchor(queryOf(client), new Date())).toMatchObject({ leaves: 1 })
    expect(await store.verify()).toMatchObject([
      { code: 'record_added', sentence: expect.stringContaining('no event explains') },
    ])
    expect(waiting).toEqual(['record_added'])
  } finally {
    await client.query('ROLLBACK')
  }
})
