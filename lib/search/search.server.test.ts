import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '@/lib/access/actor'
import { giveCommand } from '@/lib/store/command.server'
import { type TestDatabase, testDatabase } from '@/lib/testing/database'
import { completed, type Engine, REPORT, reportJob, saw, testEngine } from '@/lib/testing/engine'
import { person } from '@/lib/testing/people'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { indexDueJobs } from './index-jobs.server'
import { parseSearchQuery } from './query'
import { searchJobs } from './search.server'
import type { Piece, SearchResult } from './view'

let database: TestDatabase
let engine: Engine
let owner: Actor & { userId: string }
let requester: Actor & { userId: string }

const quiet = (line: string) => {
  throw new Error(line)
}
const index = () => indexDueJobs(database.db, quiet)

async function search(q: string, actor: Actor = owner, over = {}): Promise<SearchResult> {
  return searchJobs(database.db, actor, { ...parseSearchQuery(new URLSearchParams({ q })), ...over })
}
const numbersOf = ({ exact, items }: SearchResult) => [...exact, ...items].map(({ job }) => job.number)
const marked = (pieces: readonly Piece[] | null | undefined) =>
  (pieces ?? []).filter(({ hit }) => hit).map(({ text }) => text)

beforeAll(async () => {
  database = await testDatabase()
  await publishBuiltins(database.db)
  engine = await testEngine(database.db)
  owner = await person(database.db, ['owner'], 'Olga Brandt')
  requester = await person(database.db, ['requester'], 'Rui Tavares')
})
afterAll(() => database[Symbol.asyncDispose]())

/** A job with everything that can be searched for. */
async function wholeJob() {
  const job = await reportJob(database.db, requester, {
    title: 'Lease of the Okafors: duties & dates',
    reference: 'CASE-48211',
    input: {
      question: 'When is the rent of Müller-Lüdenscheidt due? See § 12 and e-mail dana.k@example.com, 1,240 euros.',
    },
    documents: [
      {
        name: 'lease.md',
        text: 'The tenant pays by the third working day of each month. Zwischenvermietung verboten. 賃貸借契約の期間は二年です。',
      },
    ],
  })
  engine.provider.onLook = (id) => saw(completed(id, REPORT))
  await engine.stepUntil(job.id, ({ state }) => state === 'awaiting_review')
  await giveCommand(
    database.db,
    owner,
    job.id,
    { command: 'comment', note: 'Asked the landlord Pfefferkorn by phone.' },
    'browser',
  )
  return database.db.job.findUniqueOrThrow({ where: { id: job.id }, include: { attempts: true } })
}

describe('a search', () => {
  test('finds a job by everything that it has, and says where', async () => {
    const job = await wholeJob()
    await reportJob(database.db, owner, {
      title: 'Another thing',
      documents: [{ name: 'other.md', text: 'Nothing of it.' }],
    })
    await index()
    const found = async (q: string) => {
      const result = await search(q)
      expect(result.problems, q).toEqual([])
      expect(numbersOf(result), q).toEqual([job.number])
      return result.exact[0] ?? result.items[0]
    }
    // At once: what names it.
    for (const q of [
      `#${job.number}`,
      job.id,
      job.attempts[0]?.responseId ?? '',
      job.attempts[0]?.id ?? '',
      'CASE-48211',
      'case-48211',
    ]) {
      const result = await search(q)
      expect(
        result.exact.map((one) => one.job.number),
        q,
      ).toEqual([job.number])
      expect(result.items, q).toEqual([])
    }
    expect(marked((await found('okafor'))?.title)).toEqual(['Okafors'])
    expect(marked((await found('kafors'))?.title)).toEqual(['kafors'])
    expect((await found('48211'))?.matches[0]).toMatchObject({ in: 'reference' })
    expect((await found('tavares'))?.matches[0]).toMatchObject({ in: 'requester' })
    for (const q of [
      'müller',
      'Muller-Ludenscheidt',
      'lüdensch',
      '§',
      '§12',
      '"§ 12"',
      'dana.k@example.com',
      'example.com',
      '1,240',
      '1240',
      '1240 euros',
    ]) {
      expect((await found(q))?.matches[0], q).toMatchObject({ in: 'input' })
    }
    expect((await found('"third working day"'))?.matches.map((match) => match.in)).toEqual(['result', 'document'])
    expect((await found('zwischenverm'))?.matches[0]).toMatchObject({ in: 'document', name: 'lease.md' })
    expect((await found('賃貸借'))?.matches[0]).toMatchObject({ in: 'document' })
    expect((await found('lease.md'))?.job.number).toBe(job.number)
    const note = (await found('pfefferkorn landlord'))?.matches[0]
    expect(note).toMatchObject({ in: 'note' })
    expect(marked(note?.pieces)).toEqual(['landlord', 'Pfefferkorn'])
    // Words that stand in different places: title, document, note.
    expect((await found('okafors verboten pfefferkorn'))?.job.number).toBe(job.number)
    for (const q of [
      'okafors absent',
      '"day third"',
      '-okafors pfefferkorn',
      'landlor pfeffer',
      'in:title pfefferkorn',
      'in:notes verboten',
      '-in:notes pfefferkorn',
    ]) {
      expect(numbersOf(await search(q)), q).toEqual([])
    }
    for (const q of [
      'in:notes pfefferkorn',
      'in:documents verboten',
      'in:input,title müller',
      'in:title okafors',
      'okafors -absent',
    ]) {
      expect(numbersOf(await search(q)), q).toEqual([job.number])
    }
  })
  test('shows everybody only the jobs that they may see, by words, by ids and by counts', async () => {
    const word = 'Quittenbaum'
    const theirs = await reportJob(database.db, requester, { title: `${word} for Rui` })
    const others = await reportJob(database.db, owner, { title: `${word} for Olga`, reference: 'QB-1' })
    await index()
    expect(numbersOf(await search(word)).toSorted()).toEqual([theirs.number, others.number].toSorted())
    const seen = await search(word, requester)
    expect(numbersOf(seen)).toEqual([theirs.number])
    expect(seen.total).toBe(1)
    for (const q of [`#${others.number}`, others.id, 'QB-1', `${word} Olga`]) {
      expect(numbersOf(await search(q, requester)), q).not.toContain(others.number)
    }
  })

  test('cannot find what was erased, from the moment on in which it is erased', async () => {
    const word = 'Marillenknödel'
    const job = await reportJob(database.db, owner, {
      title: 'Of the erased',
      input: { question: `What does ${word} mean?` },
      documents: [{ name: 'erased.md', text: `The ${word} is round.` }],
    })
    await index()
    expect(numbersOf(await search(word))).toEqual([job.number])
    const documents = await database.db.jobDocument.findMany({ where: { jobId: job.id }, include: { document: true } })
    const hashes = [job.inputSha256, ...documents.flatMap(({ document }) => [document.sha256, document.textSha256])]
    await database.ownerPool.query('UPDATE blob SET erased_at = now() WHERE sha256 = ANY ($1)', [hashes])
    expect(numbersOf(await search(word))).toEqual([])
    await index()
    expect(numbersOf(await search(word))).toEqual([])
    expect(numbersOf(await search('"of the erased"'))).toEqual([job.number])
  })

  test('counts as stuck what the queues count, and nothing else', async () => {
    const job = await reportJob(database.db, owner, { title: 'Stands still' })
    await reportJob(database.db, owner, { title: 'Moves on' })
    await database.ownerPool.query(
      `INSERT INTO job_flag (job_id, flag, workflow_key, since) VALUES ($1, 'stuck', 'report', now())`,
      [job.id],
    )
    expect(numbersOf(await search('is:stuck'))).toEqual([job.number])
  })
})
