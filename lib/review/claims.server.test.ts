import { expect, test } from 'vitest'
import type { Actor } from '@/lib/access/actor'
import { giveCommand } from '@/lib/store/command.server'
import { Forbidden, JobConflict } from '@/lib/store/errors'
import { testDatabase } from '@/lib/testing/database'
import { testEngine } from '@/lib/testing/engine'
import { currentHash } from '@/lib/testing/histories'
import { person } from '@/lib/testing/people'
import { answered, publishUnder } from '@/lib/testing/policies'
import { publishBuiltins } from '@/lib/workflows/store.server'

/** A result that a reviewer approves, then a lead, and two reviewers. */
async function world() {
  const database = await testDatabase()
  const { db } = database
  await publishBuiltins(db)
  const engine = await testEngine(db)
  const requester = await person(db, ['requester'])
  const workflow = await publishUnder(db, { approvals: 2, roles: ['reviewer', 'lead'] })
  const job = await answered({ db, engine, requester }, workflow)
  const resultHash = await currentHash(db, job.id)
  return {
    rita: await person(db, ['reviewer'], 'Rita'),
    bob: await person(db, ['reviewer'], 'Bob'),
    lena: await person(db, ['lead'], 'Lena'),
    give: (who: Actor, command: string) => giveCommand(db, who, job.id, { command, resultHash }, 'api'),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}

test('nobody claims a place whose role they do not have', async () => {
  await using w = await world()
  await w.give(w.rita, 'approve')
  await expect(w.give(w.bob, 'claim')).rejects.toThrow(Forbidden)
  expect((await w.give(w.lena, 'approve')).command).toBe('approve')
})

test('a claim that can fill no place any more keeps none from whoever can', async () => {
  await using w = await world()
  await w.give(w.bob, 'claim')
  await w.give(w.rita, 'approve')
  expect((await w.give(w.lena, 'approve')).command).toBe('approve')
})

test('a claim of whoever can fill the last place keeps it from others', async () => {
  await using w = await world()
  await w.give(w.rita, 'approve')
  await w.give(w.lena, 'claim')
  await expect(w.give(w.bob, 'retry')).rejects.toThrow(JobConflict)
  await expect(w.give(w.bob, 'retry')).rejects.toThrow('Lena works on it')
})
