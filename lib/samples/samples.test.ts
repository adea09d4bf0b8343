import { v7 as uuidv7 } from 'uuid'
import { expect, test } from 'vitest'
import type { Actor } from '@/lib/access/actor'
import { extractText } from '@/lib/documents/extract.server'
import { documentTexts } from '@/lib/documents/store.server'
import { createJob } from '@/lib/store/create.server'
import { NotFound } from '@/lib/store/errors'
import { testDatabase } from '@/lib/testing/database'
import { builtins } from '@/lib/workflows/builtin'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { loadSample, readSample } from './load.server'
import { sampleFiles, samples } from './samples'

test.each(Object.values(sampleFiles).map((file) => [file.name, file] as const))(
  '%s can be read',
  async (name, file) => {
    const { mediaType, characters } = await extractText(name, await readSample(name))
    expect(mediaType).toBe(file.mediaType)
    expect(characters).toBeGreaterThan(1_000)
  },
)

test('there is a sample for each built-in workflow', () => {
  expect(new Set(samples.map(({ workflow }) => workflow))).toEqual(new Set(builtins.map(({ key }) => key)))
})

test.each(samples.map((sample) => [sample.title, sample] as const))(
  'the sample "%s" makes a job',
  async (_title, sample) => {
    await using database = await testDatabase()
    const { db } = database
    await publishBuiltins(db)
    const user = await db.user.create({
      data: { id: uuidv7(), name: 'Rita', email: 'r@example.com', roles: ['requester'] },
    })
    const actor: Actor = {
      kind: 'person',
      userId: user.id,
      apiKeyId: null,
      name: 'Rita',
      email: user.email,
      roles: ['requester'],
    }
    const ask = await loadSample(db, actor, sample.key)
    const { job } = await createJob(db, actor, ask, { transport: 'browser', idempotencyKey: null })
    expect(job).toMatchObject({ title: sample.title, workflowKey: sample.workflow, state: 'queued' })
    expect((await documentTexts(db, job.id)).map(({ name }) => name)).toEqual(sample.files)
  },
)

test('a sample that does not exist is not found', async () => {
  await using database = await testDatabase()
  const actor: Actor = { kind: 'person', userId: 'x', apiKeyId: null, name: 'X', email: null, roles: ['requester'] }
  await expect(loadSample(database.db, actor, 'nothing')).rejects.toBeInstanceOf(NotFound)
})
