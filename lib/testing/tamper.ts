/** What somebody might do to a store who owns its database: as the superuser, with every trigger off. */
import type pg from 'pg'
import type { Chance } from '@/lib/generate/seeded'
import { type EventBody, eventHash, fold, GENESIS } from '@/lib/store/event-chain'
import { BLOBS } from './tamper-blobs'
import { ROWS } from './tamper-rows'

type Row = { seq: number; body: string; hash: string; prev_hash: string }

/** Changes something that was anchored, and says what. `null`: this store has nothing of the kind. */
export type Tampering = { name: string; of: 'events' | 'blobs' | 'rows'; run: (world: World) => Promise<string | null> }

export type World = { client: pg.ClientBase; chance: Chance; jobs: readonly string[]; blobs: readonly string[] }

const eventsOf = async ({ client }: World, job: string): Promise<Row[]> =>
  (await client.query<Row>('SELECT seq, body, hash, prev_hash FROM event WHERE job_id = $1 ORDER BY seq', [job])).rows

/** Another word in the text of an event, which still is one. */
function edited({ body }: Row, chance: Chance): string {
  const said = JSON.parse(body) as EventBody
  const at = new Date(Date.parse(said.at) + 1 + chance.below(60_000)).toISOString()
  const edits: EventBody[] = [
    { ...said, at },
    { ...said, actor: { ...said.actor, id: chance.uuid(0) } },
    { ...said, note: chance.hex(64) },
    { ...said, dueAt: at },
  ]
  return JSON.stringify(chance.pick(edits))
}

/** Writes the columns that repeat the text, and the text. */
async function write({ client }: World, job: string, { seq, body, hash, prev_hash }: Row): Promise<void> {
  const said = JSON.parse(body) as EventBody
  await client.query(
    `UPDATE event SET body = $3, hash = $4, prev_hash = $5, at = $6, actor_id = $7, actor_kind = $8, command = $9,
            from_state = $10, to_state = $11, transport = $12 WHERE job_id = $1 AND seq = $2`,
    [
      job,
      seq,
      body,
      hash,
      prev_hash,
      said.at,
      said.actor.id,
      said.actor.kind,
      said.command,
      said.from,
      said.to,
      said.transport,
    ],
  )
}

/** The whole chain anew, over `bodies`, and the row as it comes out: nothing disagrees with anything any more. */
async function rewrite(world: World, job: string, bodies: readonly string[]): Promise<void> {
  const { client } = world
  let prev_hash = GENESIS
  await client.query('DELETE FROM event WHERE job_id = $1 AND seq > $2', [job, bodies.length])
  const rows = bodies.map((body, index) => {
    const row = { seq: index + 1, body, prev_hash, hash: eventHash(job, index + 1, prev_hash, body) }
    prev_hash = row.hash
    return row
  })
  for (const row of rows) await write(world, job, row)
  const folded = fold(rows)
  if (folded === null) return
  await client.query(
    `UPDATE job SET state = $2, version = $3, head_hash = $4, last_command = $5, changed_at = $6, settled_at = $7, due_at = $8,
            fence = $9 WHERE id = $1`,
    [
      job,
      folded.state,
      folded.version,
      folded.headHash,
      folded.lastCommand,
      folded.changedAt,
      folded.settledAt,
      folded.dueAt,
      folded.fence,
    ],
  )
}

/** Every row that names the job, whatever table it is in. */
async function removeJob({ client }: World, job: string): Promise<void> {
  await client.query(`DELETE FROM delivery_try WHERE delivery_id IN (SELECT id FROM delivery WHERE job_id = $1)`, [job])
  for (const table of ['attempt_watch', 'trace_item', 'budget_entry']) {
    await client.query(`DELETE FROM ${table} WHERE attempt_id IN (SELECT id FROM attempt WHERE job_id = $1)`, [job])
  }
  // Anchors are apart: they are what the removal is found by.
  const { rows } = await client.query<{ name: string }>(
    `SELECT c.table_name AS name FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
      WHERE c.table_schema = 'public' AND c.column_name = 'job_id' AND t.table_type = 'BASE TABLE'
        AND c.table_name NOT LIKE 'anchor%'`,
  )
  for (const { name } of rows) await client.query(`DELETE FROM ${name} WHERE job_id = $1`, [job])
  await client.query('DELETE FROM job WHERE id = $1', [job])
}

type Found = { world: World; job: string; events: Row[]; at: number; event: Row }

/** One event of one job, among those that an anchor has. */
async function pick(world: World, least = 1): Promise<Found> {
  for (;;) {
    const job = world.chance.pick(world.jobs)
    const events = await eventsOf(world, job)
    if (events.length < least) continue
    const at = world.chance.below(events.length)
    const event = events[at]
    if (event !== undefined) return { world, job, events, at, event }
  }
}

const events = (name: string, run: (found: Found) => Promise<string>, least = 1): Tampering => ({
  name,
  of: 'events',
  run: async (world) => run(await pick(world, least)),
})

const told = ({ job, event }: Found) => `event ${event.seq} of ${job}`

const EVENTS: Tampering[] = [
  events('an event is edited', async (found) => {
    const { world, job, event } = found
    await write(world, job, { ...event, body: edited(event, world.chance) })
    return told(found)
  }),
  events('an event is edited and gets the hash of its text', async (found) => {
    const { world, job, event } = found
    const body = edited(event, world.chance)
    await write(world, job, { ...event, body, hash: eventHash(job, event.seq, event.prev_hash, body) })
    return told(found)
  }),
  events('an event is edited, and the chain and the row are made anew', async (found) => {
    const { world, job, events: all, at, event } = found
    await rewrite(
      world,
      job,
      all.map(({ body }, index) => (index === at ? edited(event, world.chance) : body)),
    )
    return told(found)
  }),
  events('a column of an event is edited, and not its text', async (found) => {
    const { world, job, event } = found
    const [column, value] = world.chance.pick<[string, unknown]>([
      ['actor_id', world.chance.uuid(0)],
      ['at', new Date(world.chance.below(1_000_000_000))],
      ['transport', 'nowhere'],
    ])
    await world.client.query(`UPDATE event SET ${column} = $3 WHERE job_id = $1 AND seq = $2`, [job, event.seq, value])
    return told(found)
  }),
  events('an event is deleted', async (found) => {
    const { world, job, event } = found
    await world.client.query('DELETE FROM event WHERE job_id = $1 AND seq = $2', [job, event.seq])
    return told(found)
  }),
  events(
    'an event is deleted, and the chain, the numbers and the row are made anew',
    async (found) => {
      const { world, job, events: all, at } = found
      await rewrite(
        world,
        job,
        all.filter((_, index) => index !== at).map(({ body }) => body),
      )
      return told(found)
    },
    2,
  ),
  events('the last events are cut off', async (found) => {
    const { world, job, event } = found
    await world.client.query('DELETE FROM event WHERE job_id = $1 AND seq >= $2', [job, event.seq])
    return told(found)
  }),
  events(
    'the last events are cut off, and the row is made to fit',
    async (found) => {
      const { world, job, events: all, at } = found
      await rewrite(
        world,
        job,
        all.slice(0, Math.max(at, 1)).map(({ body }) => body),
      )
      return told(found)
    },
    2,
  ),
  events(
    'two events of a job change places',
    async (found) => {
      const { world, job, events: all, at, event } = found
      const other = all[(at + 1 + world.chance.below(all.length - 1)) % all.length]
      if (other === undefined) return told(found)
      await write(world, job, { ...event, body: other.body })
      await write(world, job, { ...other, body: event.body })
      return told(found)
    },
    2,
  ),
  events('an event gets the text and the hash of another job’s', async (found) => {
    const { world, job, event } = found
    let other = await pick(world)
    while (other.event.body === event.body) other = await pick(world)
    await write(world, job, { ...event, body: other.event.body, hash: other.event.hash })
    return told(found)
  }),
  events('all events of a job are deleted', async (found) => {
    await found.world.client.query('DELETE FROM event WHERE job_id = $1', [found.job])
    return found.job
  }),
  events('a job is removed with everything that names it', async (found) => {
    await removeJob(found.world, found.job)
    return found.job
  }),
  events('a job is removed, and from its anchors too', async (found) => {
    await removeJob(found.world, found.job)
    await found.world.client.query('DELETE FROM anchor_leaf WHERE job_id = $1', [found.job])
    return found.job
  }),
  events('a history is made anew, and its leaf too', async (found) => {
    const { world, job, events: all, at, event } = found
    await rewrite(
      world,
      job,
      all.map(({ body }, index) => (index === at ? edited(event, world.chance) : body)),
    )
    await world.client.query(
      `UPDATE anchor_leaf l SET head_hash = e.hash FROM event e
        WHERE l.job_id = $1 AND e.job_id = l.job_id AND e.seq = l.version`,
      [job],
    )
    return told(found)
  }),
]

export const TAMPERINGS: readonly Tampering[] = [...EVENTS, ...BLOBS, ...ROWS]

/** What can be tampered with: jobs that are anchored, and bytes that they name. */
export async function tamperable(client: pg.ClientBase): Promise<Pick<World, 'jobs' | 'blobs'>> {
  const jobs = await client.query<{ id: string }>('SELECT DISTINCT job_id AS id FROM anchor_leaf ORDER BY job_id')
  const named = await client.query<{ sha256: string }>(
    `SELECT DISTINCT b.sha256 FROM blob b WHERE b.size > 0 AND (
       EXISTS (SELECT 1 FROM job_record r WHERE b.sha256 = ANY (r.blobs))
       OR EXISTS (SELECT 1 FROM event e WHERE e.body LIKE '%' || b.sha256 || '%')) ORDER BY 1`,
  )
  return { jobs: jobs.rows.map(({ id }) => id), blobs: named.rows.map(({ sha256 }) => sha256) }
}
