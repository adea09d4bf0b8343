import pg from 'pg'
import { expect, test, vi } from 'vitest'
import { migrate } from '@/lib/start/migrate.server'
import type * as Migrations from '@/lib/start/migrations.server'
import { type TestDatabase, testDatabase } from '@/lib/testing/database'
import { testEngine } from '@/lib/testing/engine'
import { currentHash, jobStanding } from '@/lib/testing/histories'
import { person } from '@/lib/testing/people'
import { answered, hashesOf, publishUnder } from '@/lib/testing/policies'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { giveCommand } from './command.server'

/** The last migration of the version before the desk. */
const BEFORE = '20261124010200_webhooks'
const until = vi.hoisted(() => ({ name: '~' }))

vi.mock('@/lib/start/migrations.server', async (original) => {
  const actual = await original<typeof Migrations>()
  return {
    ...actual,
    listMigrations: () => actual.listMigrations().filter(({ name }) => name <= until.name),
    pendingMigrations: (applied: Parameters<typeof actual.pendingMigrations>[0]) =>
      actual.pendingMigrations(applied).filter((name) => name <= until.name),
  }
})

/** Copies what both know of every table: a store as the version before left it. */
async function copyRows(from: TestDatabase, to: TestDatabase): Promise<void> {
  const [source, target] = [from.superuserUrl, to.superuserUrl].map(
    (connectionString) => new pg.Client({ connectionString }),
  ) as [pg.Client, pg.Client]
  await Promise.all([source.connect(), target.connect()])
  try {
    await target.query('SET session_replication_role = replica')
    const columnsOf = async (client: pg.Client) => {
      const { rows } = await client.query<{ name: string; columns: string[] }>(`
        SELECT c.table_name AS name, array_agg(quote_ident(c.column_name)::text ORDER BY c.ordinal_position) AS columns
          FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
         WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.table_name <> '_prisma_migrations'
         GROUP BY 1`)
      return rows
    }
    const known = new Map((await columnsOf(source)).map(({ name, columns }) => [name, columns]))
    for (const { name, columns } of await columnsOf(target)) {
      if (name === 'lifecycle_transition') continue
      const both = columns.filter((column) => known.get(name)?.includes(column)).join()
      const { rows } = await source.query(
        `SELECT coalesce(json_agg(t), '[]')::text AS all FROM (SELECT ${both} FROM ${name}) t`,
      )
      await target.query(
        `INSERT INTO ${name} (${both}) OVERRIDING SYSTEM VALUE
         SELECT ${both} FROM json_populate_recordset(NULL::${name}, $1::json) ON CONFLICT DO NOTHING`,
        [rows[0].all],
      )
    }
  } finally {
    await Promise.all([source.end(), target.end()])
  }
}

test('what waited under the version before can be decided after the upgrade, half-approved rounds too', async () => {
  await using now = await testDatabase()
  await publishBuiltins(now.db)
  const engine = await testEngine(now.db)
  const [owner, dana, eva, requester] = await Promise.all([
    person(now.db, ['owner']),
    person(now.db, ['reviewer'], 'Dana'),
    person(now.db, ['reviewer'], 'Eva'),
    person(now.db, ['requester']),
  ])
  const world = { db: now.db, engine, owner, requester }
  const standing = (round: 'result' | 'permission' | 'unknown' | 'trouble') =>
    jobStanding(world, { state: 'awaiting_review', round })
  const single = await standing('result')
  const others = [await standing('permission'), await standing('unknown'), await standing('trouble')]
  const completed = await jobStanding(world, { state: 'completed', round: null })
  const two = await publishUnder(now.db, { approvals: 2, requesterMayApprove: false })
  const halves = [await answered(world, two), await answered(world, two)] as const
  for (const { id } of halves) {
    await giveCommand(now.db, dana, id, { command: 'approve', ...(await hashesOf(now.db, id)) }, 'api')
  }

  await using before = await testDatabase({ migrated: false })
  until.name = BEFORE
  await migrate(before.url)
  await copyRows(now, before)
  until.name = '~'
  expect(await migrate(before.url)).toContain('20261124100100_desk_rules')

  const { db } = before
  expect(await db.decision.findMany({ where: { jobId: halves[0].id } })).toMatchObject([
    { userId: dana.userId, step: null },
  ])
  const approve = async (actor: typeof dana, id: string) =>
    giveCommand(db, actor, id, { command: 'approve', ...(await hashesOf(db, id)) }, 'api')
  expect((await approve(dana, single.id)).job.state).toBe('completed')
  await expect(approve(dana, halves[0].id), 'who approved before cannot do so again').rejects.toThrow(/approved this/)
  expect(await approve(eva, halves[0].id)).toMatchObject({ command: 'approve', job: { state: 'completed' } })

  const { json } = await db.result.findFirstOrThrow({ where: { jobId: halves[1].id } })
  const params = { text: JSON.stringify({ ...(json as object), title: 'Edited' }) }
  await giveCommand(db, eva, halves[1].id, { command: 'revise', params, ...(await hashesOf(db, halves[1].id)) }, 'api')
  expect((await approve(dana, halves[1].id)).command).toBe('endorse')
  expect((await approve(eva, halves[1].id)).job.state).toBe('completed')

  for (const { id } of others) {
    expect((await giveCommand(db, owner, id, { command: 'abandon', note: 'no' }, 'api')).job.state).toBe('abandoned')
  }
  await giveCommand(db, owner, completed.id, { command: 'reopen', note: 'look' }, 'api')
  const resultHash = await currentHash(db, completed.id)
  const upheld = await giveCommand(db, owner, completed.id, { command: 'uphold', note: 'fine', resultHash }, 'api')
  expect(upheld.job).toMatchObject({ state: 'completed', nextKind: 'none' })
})
