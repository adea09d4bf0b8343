/** Fills a store with plausible histories: told once by the real engine, repeated by COPY, checked before they count. */
import pg from 'pg'
import { deliveryFolder } from '@/lib/deliveries/send.server'
import { env } from '@/lib/env.server'
import { StartError } from '@/lib/start/start-error'
import type { Db } from '@/lib/store/db.server'
import { copyInto, storeBlobs, storeDocuments } from './copy.server'
import { finishingSteps } from './finish.server'
import { shiftOf, writeClone } from './multiply'
import type { Pattern } from './patterns.server'
import { makeCast } from './people.server'
import { amountsOf, castStories } from './plan'
import { brokenRules, ruleNames } from './rules.server'
import { seeded } from './seeded'
import type { Ending } from './stories'
import { prepareStore, type Told } from './stories.server'
import { clearTables } from './tables.server'

export type GenerateOptions = {
  jobs: number
  /** How many wait for people; absent: an eighth. */
  waiting?: number
  /** At least two. */
  reviewers: number
  seed: number
  /** Whether some are left queued, running, or with a delivery that has not left. Stops the sending of their workflows. */
  unfinished: boolean
  /** Whether it may be a store that has jobs. */
  intoExisting: boolean
  now?: Date
  say?: (line: string) => void
}

export type Generated = {
  jobs: Record<Ending, number>
  rows: number
  milliseconds: number
  rules: readonly string[]
  /** Workflows that stand still from now on. */
  stopped: string[]
}

/** So many jobs are made before they are copied in: some ten megabytes. */
const BATCH = 2_000

/**
 * Generates. All of it commits together, or nothing.
 * @param store the owner's URL, and the application's connection, of the store to fill; migrated.
 * @param told what the stories left behind: `tellStories`.
 * @throws {StartError} where the store has jobs already, or its workflows are not those of the stories.
 */
export async function generate(
  store: { url: string; db: Db },
  told: Told,
  options: GenerateOptions,
): Promise<Generated> {
  const { say = () => {}, now = new Date() } = options
  const chance = seeded(options.seed)
  if (!options.intoExisting && (await store.db.job.count()) > 0) {
    throw new StartError(
      'This store has jobs. Generated ones cannot be taken out again: use a store of its own, or give --into-existing.',
    )
  }
  await prepareStore(store.db)
  const client = new pg.Client({ connectionString: store.url, application_name: 'holdpoint generate' })
  await client.connect()
  try {
    const versions = await versionsOf(store.db, told)
    const begun = performance.now()
    const amounts = amountsOf(options.jobs, options.waiting, options.unfinished)
    await client.query('BEGIN')
    const cast = await makeCast(client, options.reviewers)
    const { empty, putBack } = await clearTables(client)
    await storeBlobs(client, told.blobs)
    const documents = await storeDocuments(client, told.documents, cast.requester[0] ?? '', () =>
      chance.uuid(now.getTime()),
    )
    const first = await reserveNumbers(client, options.jobs)
    const { HOLDPOINT_MAIL_FROM: mailFrom } = env()
    const common = { chance, cast, versions, documents, mailFrom, folder: deliveryFolder(env()) }
    const histories = historiesOf(told.patterns, amounts, chance)
    const places = new Map(told.patterns.map((pattern, place) => [pattern, place]))
    const storyOf = new Uint16Array(options.jobs)
    const rows = await copyInto(
      client,
      { columns: told.columns, contents: told.contents, batch: BATCH, frozen: empty },
      histories,
      ({ pattern, place }, index, sink) => {
        const shift = shiftOf(pattern, now.getTime(), place, chance)
        storyOf[index] = places.get(pattern) ?? 0
        writeClone(pattern, sink, { ...common, number: first + index, shift })
        if ((index + 1) % 100_000 === 0) say(`${(index + 1).toLocaleString('en')} jobs …`)
      },
    )
    say('Building keys and indexes …')
    await putBack()
    say('Checking …')
    await client.query(
      'ANALYZE job, event, review_round, decision, attempt, result, delivery, blob, claim_mark, tool_call',
    )
    const broken = await brokenRules(client, first)
    if (broken.length > 0) {
      const list = broken.map(({ name, times }) => `${name} (${times})`).join(', ')
      throw new Error(`What was generated breaks rules of the store, and was not kept: ${list}.`)
    }
    for (const { name, fill } of finishingSteps) {
      say(`Filling ${name} …`)
      await fill(client, { first, now, unfinished: options.unfinished, told, storyOf })
    }
    const stopped = await stoppedSince(client, now)
    await client.query(`SELECT pg_notify('holdpoint_jobs', '')`)
    await client.query('COMMIT')
    say('Cleaning up …')
    // Not only for the planner: what is marked as seen by all can be counted from the indexes alone.
    await client.query('VACUUM (ANALYZE)')
    return { jobs: amounts, rows, milliseconds: performance.now() - begun, rules: ruleNames, stopped }
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  } finally {
    await client.end()
  }
}

/** The workflows of the stories in this store, by the hash of their definition. */
async function versionsOf(db: Db, { patterns }: Told): Promise<Map<string, { id: string; version: number }>> {
  const wanted = [...new Set(patterns.map(({ workflow }) => workflow.sha256))]
  const rows = await db.workflowVersion.findMany({ where: { sha256: { in: wanted } } })
  return new Map(rows.map(({ id, version, sha256 }) => [sha256, { id, version }]))
}

type History = { pattern: Pattern; place: number }

/** Every history with its place in time: first what is settled, the oldest first, then what is open. */
function* historiesOf(
  patterns: readonly Pattern[],
  amounts: Record<Ending, number>,
  chance: ReturnType<typeof seeded>,
): Generator<History> {
  for (const ending of ['settled', 'waiting', 'unfinished'] as const) {
    const among = patterns.filter(({ story }) => story.ending === ending)
    let place = 0
    for (const pattern of castStories(among, amounts[ending], chance)) {
      yield { pattern, place: place / amounts[ending] }
      place += 1
    }
  }
}

/** @returns the first of `count` numbers that no other job gets. */
async function reserveNumbers(client: pg.ClientBase, count: number): Promise<number> {
  const { rows } = await client.query<{ first: number }>(
    `SELECT nextval(pg_get_serial_sequence('job', 'number'))::int AS first`,
  )
  const first = rows[0]?.first ?? 1
  await client.query(`SELECT setval(pg_get_serial_sequence('job', 'number'), $1::bigint)`, [first + count - 1])
  return first
}

/** @returns the keys of the workflows whose sending this run stopped. */
async function stoppedSince(client: pg.ClientBase, now: Date): Promise<string[]> {
  const { rows } = await client.query<{ key: string }>(
    `SELECT workflow_key AS key FROM queue_stop WHERE reason = 'generated' AND since = $1 ORDER BY workflow_key`,
    [now],
  )
  return rows.map(({ key }) => key)
}
