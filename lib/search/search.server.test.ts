import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Actor } from '@/lib/access/actor'
import { giveCommand } from '@/lib/store/command.server'
import { type TestDatabase, testDatabase } from '@/lib/testing/database'
import { completed, type Engine, REPORT, reportJob, saw, seen, testEngine } from '@/lib/testing/engine'
import { person } from '@/lib/testing/people'
import { hashesOf } from '@/lib/testing/policies'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { indexDueJobs } from './index-jobs.server'
import { parseSearchQuery } from './query'
import { findJobs, searchJobs } from './search.server'
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

/** What comes of `work` when, from the second look at the clock on, everything is ten seconds late. */
async function tooLate<Done>(work: () => Promise<Done>): Promise<Done> {
  const now = performance.now.bind(performance)
  let isLate = false
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => {
    const time = now() + (isLate ? 10_000 : 0)
    isLate = true
    return time
  })
  try {
    return await work()
  } finally {
    clock.mockRestore()
  }
}

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

  test('shows what has exactly the name on top of the first page, and on no later one again', async () => {
    const named = await reportJob(database.db, owner, { title: 'Of Hagedorn', reference: 'hagedorn' })
    const others: number[] = []
    for (const title of ['Hagedorn one', 'Hagedorn two', 'Hagedorn three'])
      others.push((await reportJob(database.db, owner, { title })).number)
    await index()
    const pages: number[][] = []
    let after: number | null = null
    do {
      const page: SearchResult = await search('hagedorn', owner, { after, limit: 2 })
      pages.push(numbersOf(page))
      after = page.nextCursor === null ? null : Number(page.nextCursor)
    } while (after !== null)
    expect(pages).toEqual([[named.number, ...others.toReversed().slice(0, 2)], [others[0]]])

    const ask = { q: 'hagedorn', narrowed: '', sort: 'newest', limit: 2 } as const
    const first = await findJobs(database.db, owner, { ...ask, after: null })
    const second = await findJobs(database.db, owner, { ...ask, after: first.next })
    expect(first.ids).toHaveLength(3)
    expect(second.ids.filter((id) => first.ids.includes(id))).toEqual([])
  })

  test('answers what is larger or longer than anything it could find', async () => {
    for (const q of ['2,500,000,000', '#999,999,999,999', '999999999', `${'賃'.repeat(900)}`, `"${'a'.repeat(900)}"`])
      expect(numbersOf(await search(q)), q).toEqual([])
    const long = await search(`model:${'賃'.repeat(700)}`)
    expect(long.problems.map(({ message }) => message)).toEqual([
      'What “model:” is to be has at most 200 characters, such as model:gpt-5.',
    ])
  })

  test('tells whoever sees only their own jobs of nobody else, not even that they are there', async () => {
    const problem = async (q: string, actor: Actor) => (await search(q, actor)).problems[0]?.message ?? null
    const stranger = await person(database.db, ['reviewer'], 'Xaver Unbekannt')
    expect(await problem('requester:Unbekannt', owner)).toBeNull()
    for (const q of ['requester:Unbekannt', 'reviewer:xaver', 'requester:Niemand']) {
      expect(await problem(q, requester), q).toContain('Nobody who had to do with your jobs is called')
    }
    expect(await problem('requester:Tavares', requester)).toBeNull()
    const job = await reportJob(database.db, requester, { title: 'To be decided by Xaver' })
    engine.provider.onLook = (id) => saw(completed(id, REPORT))
    await engine.stepUntil(job.id, ({ state }) => state === 'awaiting_review')
    await giveCommand(
      database.db,
      stranger,
      job.id,
      { command: 'approve', ...(await hashesOf(database.db, job.id)) },
      'browser',
    )
    await index()
    expect(await problem('reviewer:xaver', requester)).toBeNull()
    expect(numbersOf(await search('reviewer:xaver', requester))).toEqual([job.number])
  })

  test('finds what there is when its time was over before it began', async () => {
    await reportJob(database.db, owner, { title: 'Sluggish Quellwasser' })
    await index()
    for (const q of ['quellwasser', 'requester:me', 'the']) {
      const intime = await search(q)
      expect(numbersOf(intime), q).not.toEqual([])
      const late = await tooLate(() => search(q))
      expect(numbersOf(late), q).toEqual(numbersOf(intime))
      expect(late.reached, q).toBeNull()
    }
  })

  test('knows the model of what is running', async () => {
    const job = await reportJob(database.db, owner, { title: 'Runs for an hour' })
    await index()
    engine.provider.onLook = (id) => seen(id, 'in_progress')
    await engine.stepUntil(job.id, ({ state }) => state === 'running')
    await index()
    const { model } = await database.db.attempt.findFirstOrThrow({ where: { jobId: job.id } })
    expect(numbersOf(await search(`model:${model} is:open "runs for an hour"`))).toEqual([job.number])
  })
})

describe('many jobs', () => {
  const MANY = 4_000

  test('are gone through in both orders, each once, from page to page', async () => {
    await using many = await testDatabase()
    await publishBuiltins(many.db)
    const asks = await person(many.db, ['owner'], 'Olga Brandt')
    const { id, number } = await reportJob(many.db, asks, { title: 'Of many' })
    await indexDueJobs(many.db, quiet)
    // Copies of one job, which nobody lived through.
    await many.ownerPool.query('ALTER TABLE job DISABLE TRIGGER USER; ALTER TABLE job_search DISABLE TRIGGER USER')
    await many.ownerPool.query(
      `INSERT INTO job OVERRIDING SYSTEM VALUE
       SELECT (jsonb_populate_record(j, jsonb_build_object('id', gen_random_uuid(), 'number', j.number + n,
                'reference', CASE WHEN n % 9 = 0 THEN 'NINTH' END))).*
         FROM job j, generate_series(1, $2::int) n WHERE j.id = $1`,
      [id, MANY],
    )
    await many.ownerPool.query(
      `INSERT INTO job_search
       SELECT (jsonb_populate_record(s, jsonb_build_object('job_id', j.id, 'number', j.number))).*
         FROM job_search s, job j WHERE s.job_id = $1 AND j.id <> $1`,
      [id],
    )
    const ninth = Array.from({ length: Math.floor(MANY / 9) }, (_, at) => number + 9 * (at + 1))
    for (const sort of ['newest', 'oldest'] as const) {
      const met: number[] = []
      let after: number | null = null
      do {
        const query = parseSearchQuery(new URLSearchParams({ q: 'reference:ninth' }))
        const page: SearchResult = await searchJobs(many.db, asks, { ...query, sort, after, limit: 60 })
        met.push(...numbersOf(page))
        after = page.nextCursor === null ? null : Number(page.nextCursor)
      } while (after !== null)
      expect(met, sort).toEqual(sort === 'oldest' ? ninth : ninth.toReversed())
    }
    // Too late for more than a first step, of 1,500 numbers: it says how far it came, and goes on from there.
    const query = parseSearchQuery(new URLSearchParams({ q: 'reference:tenth' }))
    const late = await tooLate(() => searchJobs(many.db, asks, query))
    const reached = number + MANY - 1_499
    expect(late).toMatchObject({ items: [], reached, nextCursor: String(reached) })
  })
})
