/** The migrations in prisma/migrations, and which of them a database still lacks. */
import fs from 'node:fs'
import path from 'node:path'

/** The root of the repository: every script of package.json runs there. */
export const ROOT = process.cwd()
export const SCHEMA_FILE = path.join(ROOT, 'prisma', 'schema.prisma')
export const MIGRATIONS_FOLDER = path.join(ROOT, 'prisma', 'migrations')

export type Migration = { name: string; sql: string }

/** The migrations in the order in which they apply: by name, which begins with a time. */
export function listMigrations(): Migration[] {
  return migrationNames().map((name) => ({
    name,
    sql: fs.readFileSync(path.join(MIGRATIONS_FOLDER, name, 'migration.sql'), 'utf8'),
  }))
}

function migrationNames(): string[] {
  return fs
    .readdirSync(MIGRATIONS_FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
}

/** A row of Prisma's table `_prisma_migrations`. */
export type AppliedMigration = { migration_name: string; finished_at: Date | null; rolled_back_at: Date | null }

/** Reads `_prisma_migrations`: give it to whatever client is at hand. Fails with 42P01 on a database never migrated. */
export const APPLIED_MIGRATIONS = 'SELECT migration_name, finished_at, rolled_back_at FROM public._prisma_migrations'

/** The names of the migrations that `applied` lacks, or that began there and did not finish. */
export function pendingMigrations(applied: readonly AppliedMigration[]): string[] {
  const done = new Set(
    applied.filter((row) => row.finished_at !== null && row.rolled_back_at === null).map((row) => row.migration_name),
  )
  return migrationNames().filter((name) => !done.has(name))
}
