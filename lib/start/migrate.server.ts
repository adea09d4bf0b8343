/** Brings a database up to date: roles, Prisma's migrations, Graphile Worker's own. Several hosts may do it at once. */
import { Logger, runMigrations } from 'graphile-worker'
import pg from 'pg'
import { APPLIED_MIGRATIONS, type AppliedMigration, pendingMigrations } from '@/lib/start/migrations.server'
import { applyMigrations } from '@/lib/start/schema-engine.server'
import { StartError } from '@/lib/start/start-error'
import { APPLICATION_ROLE } from '@/lib/store/db.server'

// Any number that nothing else in this database locks; Prisma's own engine uses 72707369.
const MIGRATION_LOCK = 7_270_737

const UNDEFINED_TABLE = '42P01'
// Somebody else made the role, or granted it, at the same moment: roles belong to the whole server, not to one database.
const ROLE_RACE = new Set(['42710', '23505', 'XX000'])

/**
 * Migrates the database at `url`, as its owner, and gives the names of the migrations that it applied.
 * @throws {StartError} when the database is older than PostgreSQL 15, or its owner may not do what is needed.
 */
export async function migrate(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'holdpoint migrate' })
  await client.connect()
  try {
    await requireVersion(client)
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK])
    await ensureApplicationRole(client)
    // First, because the application's own functions put wake-ups into its tables.
    await runMigrations({ connectionString: url, noPreparedStatements: true, logger: new Logger(() => () => {}) })
    const pending = pendingMigrations(await appliedMigrations(client))
    if (pending.length > 0) await applyMigrations(url)
    await client.query(`GRANT USAGE ON SCHEMA public TO ${APPLICATION_ROLE}`)
    await client.query(`GRANT SELECT ON public._prisma_migrations TO ${APPLICATION_ROLE}`)
    return pending
  } finally {
    await client.end()
  }
}

async function requireVersion(client: pg.Client) {
  const { rows } = await client.query("SELECT current_setting('server_version_num')::int AS number")
  const major = Math.floor(rows[0].number / 10_000)
  if (major < 15) throw new StartError(`The database is PostgreSQL ${major}: Holdpoint needs 15 or later.`)
}

async function appliedMigrations(client: pg.Client): Promise<AppliedMigration[]> {
  try {
    return (await client.query<AppliedMigration>(APPLIED_MIGRATIONS)).rows
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === UNDEFINED_TABLE) return []
    throw error
  }
}

// The application connects as the owner and becomes this role at once (`-c role=…`), so the owner must be allowed to.
async function ensureApplicationRole(client: pg.Client) {
  for (let tries = 0; ; tries++) {
    try {
      const { rows } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [APPLICATION_ROLE])
      if (rows.length === 0) await client.query(`CREATE ROLE ${APPLICATION_ROLE} NOLOGIN`)
      if (!(await mayBecome(client))) await client.query(`GRANT ${APPLICATION_ROLE} TO CURRENT_USER`)
      return
    } catch (cause) {
      const code = cause instanceof pg.DatabaseError ? cause.code : undefined
      if (code && ROLE_RACE.has(code) && tries < 10) continue
      const { rows } = await client.query('SELECT current_user AS name')
      throw new StartError(
        `The database user ${rows[0].name} may not use the role ${APPLICATION_ROLE}: have an administrator run CREATE ROLE ${APPLICATION_ROLE} NOLOGIN (if it is missing) and GRANT ${APPLICATION_ROLE} TO ${rows[0].name}.`,
        { cause },
      )
    }
  }
}

async function mayBecome(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query("SELECT current_setting('server_version_num')::int >= 160000 AS has_set")
  // From 16 on membership and the right to SET ROLE are two things.
  const privilege = rows[0].has_set ? 'SET' : 'MEMBER'
  const asked = await client.query('SELECT pg_has_role(current_user, $1, $2) AS may', [APPLICATION_ROLE, privilege])
  return asked.rows[0].may
}
