/** Finding by words: one that few jobs have, beside reading all of them, and one that most have. */
import pg from 'pg'
import { parseSearchQuery } from '@/lib/search/query'
import { searchJobs } from '@/lib/search/search.server'
import { everything } from '../engine'
import { interleaved, type Measured, measureOf } from '../measure'
import type { Bench } from '../store'

const ROUNDS = 20
/** Reading everything takes seconds. */
const SCANS = 3
const TIMES_LESS = 50
const BROAD_TARGET_MS = 500

export async function searchMeasures(bench: Bench): Promise<Measured[]> {
  const { db, url } = bench
  const rare = await rareWord(url)
  const find = (q: string) => () => searchJobs(db, everything, parseSearchQuery(new URLSearchParams({ q })))
  const found = await find(rare)()
  if (found.items.length === 0) throw new Error(`"${rare}" finds nothing`)
  const selective: number[] = []
  const scans: number[] = []
  for (let turn = 0; turn < SCANS; turn += 1) {
    const times = await interleaved(Math.ceil(ROUNDS / SCANS), { found: find(rare) })
    selective.push(...times.found)
    scans.push(await sequentialScan(url, rare))
  }
  const broad = await interleaved(ROUNDS, { broad: find('refund') })
  const beyond = await find('refund')()
  return [
    measureOf('a word that few jobs have', selective, {
      statistic: 'median',
      theirs: scans,
      beside: 'reading all titles, results and notes',
      target: { timesLess: TIMES_LESS },
      note: `"${rare}", ${found.items.length} found.`,
    }),
    measureOf('a word that most jobs have', broad.broad, {
      target: BROAD_TARGET_MS,
      note: beyond.totalIsExact
        ? `${beyond.total} found.`
        : `More than ${beyond.total ?? 'can be counted in time'}, and it says so.`,
    }),
  ]
}

/** A name of a customer that stands in few titles. */
async function rareWord(url: string): Promise<string> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ word: string }>(
      `SELECT word FROM (SELECT substring(title from 'What (\\w+) is owed') AS word FROM job LIMIT 20000) names
        WHERE word IS NOT NULL GROUP BY word ORDER BY count(*), word LIMIT 1`,
    )
    const word = rows[0]?.word
    if (word === undefined) throw new Error('there is no title with a name')
    return word
  })
}

/** Milliseconds of looking for the word in everything that a search looks in, without an index. */
async function sequentialScan(url: string, word: string): Promise<number> {
  return withClient(url, async (client) => {
    await client.query('SET enable_indexscan = off; SET enable_bitmapscan = off; SET enable_indexonlyscan = off')
    const begun = performance.now()
    await client.query(
      `SELECT count(*) FROM job j WHERE to_tsvector('simple', j.title || ' ' || coalesce(j.reference, '')) @@ plainto_tsquery('simple', $1)`,
      [word],
    )
    await client.query(
      `SELECT count(*) FROM result r WHERE to_tsvector('simple', r.text) @@ plainto_tsquery('simple', $1)`,
      [word],
    )
    return performance.now() - begun
  })
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
