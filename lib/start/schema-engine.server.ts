/**
 * Prisma's schema engine as WebAssembly, the same that `prisma migrate` downloads as a binary: it works without the
 * internet. The migrations stay in Prisma's own layout and table, so `prisma migrate deploy` works too.
 */
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory, type ColumnType, ColumnTypeEnum } from '@prisma/driver-adapter-utils'
import * as glue from '@prisma/schema-engine-wasm/schema_engine_bg'
import pg from 'pg'
import { listMigrations, MIGRATIONS_FOLDER, ROOT, SCHEMA_FILE } from '@/lib/start/migrations.server'

type Engine = Awaited<ReturnType<typeof glue.SchemaEngine.new>>

const NO_FILTER = { externalTables: [], externalEnums: [] }

let loaded: Promise<void> | undefined

// What the package's own entry does with `import … from './x.wasm'`, which Node 24 does not take.
async function load() {
  const folder = path.dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'))
  const bytes = fs.readFileSync(path.join(folder, 'schema_engine_bg.wasm'))
  const { instance } = await WebAssembly.instantiate(bytes, {
    './schema_engine_bg.js': withoutLingering(glue as unknown as WebAssembly.ModuleImports),
  })
  const bindings = glue as unknown as { __wbg_set_wasm(exports: WebAssembly.Exports): void }
  bindings.__wbg_set_wasm(instance.exports)
  const begin = instance.exports.__wbindgen_start as (() => void) | undefined
  begin?.()
}

// The engine sets a timer of ten seconds for its lock and never clears it: it must not keep the process alive.
function withoutLingering(imports: WebAssembly.ModuleImports): WebAssembly.ModuleImports {
  const name = Object.keys(imports).find((key) => key.startsWith('__wbg_setTimeout'))
  const begin = name && (imports[name] as (...args: unknown[]) => unknown)
  if (!begin) return imports
  const beginUnheld = (...args: unknown[]) => {
    const original = globalThis.setTimeout
    globalThis.setTimeout = ((...timer: Parameters<typeof original>) =>
      original(...timer).unref()) as typeof globalThis.setTimeout
    try {
      return begin(...args)
    } finally {
      globalThis.setTimeout = original
    }
  }
  return { ...imports, [name]: beginUnheld }
}

/** A migration's SQL failed; `cause` is what PostgreSQL said. */
export class MigrationError extends Error {
  override name = 'MigrationError'
}

// Prisma's adapter cuts a script at every semicolon, also at those inside a function's body. Sent whole, PostgreSQL cuts
// it by itself and, as the native engine does, applies all of it or nothing.
function connectWhole(url: string, failed: (error: unknown) => void) {
  const { pool, characterColumns } = catalogPool(url)
  const factory = new PrismaPg(pool)
  const connect = factory.connect.bind(factory)
  factory.connect = async () => {
    const adapter = await connect()
    adapter.executeScript = async (script) => {
      await adapter
        .underlyingDriver()
        .query(script)
        .catch((error) => {
          failed(error)
          throw error
        })
    }
    const queryRaw = adapter.queryRaw.bind(adapter)
    adapter.queryRaw = async (asked) => {
      const result = await queryRaw(asked)
      const characters = characterColumns.get(result.rows)
      const typeOf = (type: ColumnType, index: number) => (characters?.has(index) ? ColumnTypeEnum.Character : type)
      return { ...result, columnTypes: result.columnTypes.map(typeOf) }
    }
    return adapter
  }
  return { factory: bindMigrationAwareSqlAdapterFactory(factory), close: () => pool.end() }
}

// PostgreSQL's catalogues hold one-letter codes of the type "char". The engine reads them as characters, and the adapter
// between the two refuses the type: the pool calls them text, and remembers which columns they were.
const CHAR = 18
const TEXT = 25

function catalogPool(url: string) {
  const pool = new pg.Pool({ connectionString: url, max: 2 })
  const characterColumns = new WeakMap<object, Set<number>>()
  const query = pool.query.bind(pool) as (...args: unknown[]) => Promise<pg.QueryResult>
  const asText = async (...args: unknown[]) => {
    const result = await query(...args)
    const columns = (result.fields ?? []).flatMap((field, index) => (field.dataTypeID === CHAR ? [index] : []))
    if (columns.length === 0) return result
    for (const index of columns) Object.assign(result.fields[index] ?? {}, { dataTypeID: TEXT })
    characterColumns.set(result.rows, new Set(columns))
    return result
  }
  pool.query = asText as unknown as typeof pool.query
  return { pool, characterColumns }
}

const schemaFile = () => ({ path: 'schema.prisma', content: fs.readFileSync(SCHEMA_FILE, 'utf8') })

async function withEngine<T>(url: string, work: (engine: Engine) => Promise<T>): Promise<T> {
  loaded ??= load()
  await loaded
  const { path: name, content } = schemaFile()
  let refused: unknown
  const { factory, close } = connectWhole(url, (error) => {
    refused = error
  })
  const engine = await glue.SchemaEngine.new({ datamodels: [[name, content]] }, () => {}, factory)
  try {
    return await work(engine)
  } catch (error) {
    if (refused instanceof Error) throw new MigrationError(refused.message, { cause: refused })
    throw error
  } finally {
    engine.free()
    await close()
  }
}

function migrationsList() {
  return {
    baseDir: MIGRATIONS_FOLDER,
    lockfile: {
      path: 'migration_lock.toml',
      content: fs.readFileSync(path.join(MIGRATIONS_FOLDER, 'migration_lock.toml'), 'utf8'),
    },
    shadowDbInitScript: '',
    migrationDirectories: listMigrations().map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: sql } },
    })),
  }
}

/** Applies what is in prisma/migrations and not yet in the database at `url`; gives the names of what it applied. */
export function applyMigrations(url: string): Promise<string[]> {
  return withEngine(url, async (engine) => {
    const output = await engine.applyMigrations({ migrationsList: migrationsList(), filters: NO_FILTER })
    return output.appliedMigrationNames
  })
}

/**
 * What is different between the migrated database at `url` and prisma/schema.prisma, as the SQL that would bring the
 * database there: empty when they agree. Tables that are not Prisma's (in other schemas) do not count.
 */
export function schemaDrift(url: string): Promise<string> {
  return withEngine(url, async (engine) => {
    const { stdout } = await engine.diff({
      from: { tag: 'schemaDatasource', files: [schemaFile()], configDir: ROOT },
      to: { tag: 'schemaDatamodel', files: [schemaFile()] },
      script: true,
      shadowDatabaseUrl: null,
      exitCode: null,
      filters: NO_FILTER,
    } as Parameters<Engine['diff']>[0])
    return withoutComments(stdout ?? '')
  })
}

const withoutComments = (sql: string) =>
  sql
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('--'))
    .join('\n')
