/** Published workflows. A published version is never changed; a job keeps the one it ran under. */
import { createHash } from 'node:crypto'
import type { WorkflowVersion } from '@/lib/generated/prisma/client'
import type { Db, Tx } from '@/lib/store/db.server'
import { builtinFiles } from './builtin.server'
import { withoutDefaults } from './defaults'
import { type WorkflowDefinition, workflowDefinition } from './definition'

/** One version of a workflow, its definition checked. `id` is that of the version. */
export type PublishedWorkflow = {
  id: string
  key: string
  version: number
  name: string
  definition: WorkflowDefinition
}

/** What goes with a version, beside its definition. */
export type Telling = {
  /** What changed, in the words of whoever published it. */
  note: string | null
  /** The person who published it; null for what came from a command line or with the product. */
  authorId: string | null
  /** The file as it was given. */
  source: string | null
}

/** What came of an import: the version that holds the definition now, and whether it was made by it. */
export type Imported = { key: string; version: number; isNew: boolean; isRetired: boolean }

const SHIPPED = 'Shipped with Holdpoint.'

/** Publishes the built-in workflows. May be run at every start, by several hosts at once. */
export async function publishBuiltins(db: Db): Promise<void> {
  for (const { definition, source } of builtinFiles()) {
    await publish(db, definition, { note: SHIPPED, authorId: null, source })
  }
}

/**
 * Publishes `definition` as the next version of its workflow and makes it the current one, unless a version with the
 * same content was published before: then nothing changes, so that two releases side by side, or a definition that
 * a team put in place of a built-in one, are not undone by a restart.
 * @returns whether a version was published.
 */
export async function publish(
  db: Db,
  definition: WorkflowDefinition,
  telling: Telling = { note: null, authorId: null, source: null },
): Promise<boolean> {
  const { isNew } = await publishUnless(db, definition, telling, ({ published }, sha256) =>
    published.find((earlier) => earlier.sha256 === sha256),
  )
  return isNew
}

/** Somebody published another version while this one was being compared with the one before. */
export class WorkflowMoved extends Error {
  override name = 'WorkflowMoved'
  constructor(
    readonly key: string,
    /** The version that is current now. */
    readonly version: number,
  ) {
    super(`Version ${version} of ${key} was published in the meantime. Compare with it, then publish again.`)
  }
}

/**
 * Publishes what a person asked for as the next version, unless the current one is the same. An earlier version may be
 * published again: it becomes a new one.
 * @param basedOn the version that it was compared with, null where there was none; absent: whatever is current.
 * @throws {WorkflowMoved} where another version is current by now, and it is not the same.
 */
export async function importWorkflow(
  db: Db,
  definition: WorkflowDefinition,
  telling: Telling,
  basedOn?: number | null,
): Promise<Imported> {
  return publishUnless(db, definition, telling, ({ published, currentVersion }, sha256) => {
    const current = published.find(({ version }) => version === currentVersion)
    if (current?.sha256 === sha256 && inOrder(definitionOf(current)) === inOrder(definition)) return current
    if (basedOn !== undefined && (current?.version ?? null) !== basedOn) {
      throw new WorkflowMoved(definition.key, currentVersion)
    }
    return undefined
  })
}

/** Where the order of fields says something: in the form, in the answer, and in the arguments of a call. */
function inOrder({ inputSchema, output, tools }: WorkflowDefinition): string {
  return JSON.stringify([inputSchema, output, tools])
}

type Standing = { currentVersion: number; published: WorkflowVersion[] }

/** @param same finds the version that makes publishing needless. */
async function publishUnless(
  db: Db,
  definition: WorkflowDefinition,
  telling: Telling,
  same: (standing: Standing, sha256: string) => { version: number } | undefined,
): Promise<Imported> {
  const { key, name, review } = definition
  const sha256 = definitionHash(definition)
  return db.$transaction(async (tx) => {
    await tx.workflow.createMany({ data: [{ key, currentVersion: 1 }], skipDuplicates: true })
    // One publisher of a key at a time: the others wait here, then see what it published.
    await tx.$queryRaw`SELECT key FROM workflow WHERE key = ${key} FOR UPDATE`
    const { currentVersion, retiredAt } = await tx.workflow.findUniqueOrThrow({ where: { key } })
    const published = await tx.workflowVersion.findMany({ where: { key } })
    const found = same({ currentVersion, published }, sha256)
    if (found !== undefined) return { key, version: found.version, isNew: false, isRetired: retiredAt !== null }
    const version = Math.max(0, ...published.map((earlier) => earlier.version)) + 1
    await tx.workflowVersion.create({
      data: {
        key,
        version,
        name,
        definition: JSON.parse(JSON.stringify(definition)),
        sha256,
        approvals: review.approvals,
        requesterMayApprove: review.requesterMayApprove,
        ...telling,
      },
    })
    await tx.workflow.update({ where: { key }, data: { currentVersion: version } })
    return { key, version, isNew: true, isRetired: retiredAt !== null }
  })
}

/**
 * Ends new jobs of the workflow; what was started before goes on.
 * @returns whether it was in use until now.
 */
export async function retire(db: Db, key: string): Promise<boolean> {
  const { count } = await db.workflow.updateMany({ where: { key, retiredAt: null }, data: { retiredAt: new Date() } })
  return count > 0
}

/** Allows new jobs of the workflow again. @returns whether it was retired until now. */
export async function bringBack(db: Db, key: string): Promise<boolean> {
  const { count } = await db.workflow.updateMany({
    where: { key, retiredAt: { not: null } },
    data: { retiredAt: null },
  })
  return count > 0
}

/**
 * SHA-256 of the definition with its keys in order: the order of most says nothing. What is at its default is left out,
 * so that the hash stays when a later release knows more fields.
 */
export function definitionHash(definition: WorkflowDefinition): string {
  return createHash('sha256')
    .update(JSON.stringify(ordered(withoutDefaults(definition))))
    .digest('hex')
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, element]) => element !== undefined)
  return Object.fromEntries(
    entries.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, element]) => [key, ordered(element)]),
  )
}

/** The current version of each workflow that is not retired, by name. */
export async function currentWorkflows(tx: Tx): Promise<PublishedWorkflow[]> {
  const workflows = await tx.workflow.findMany({ where: { retiredAt: null } })
  const current = workflows.map(({ key, currentVersion }) => ({ key, version: currentVersion }))
  if (current.length === 0) return []
  const versions = await tx.workflowVersion.findMany({ where: { OR: current }, orderBy: { name: 'asc' } })
  return versions.map(read)
}

/** The version of a workflow with this id, or null. */
export async function workflowVersion(tx: Tx, id: string): Promise<PublishedWorkflow | null> {
  const row = await tx.workflowVersion.findUnique({ where: { id } })
  return row === null ? null : read(row)
}

const definitions = new Map<string, WorkflowDefinition>()

/** The definition of a stored version, with what was added to definitions since at its default. Versions never change. */
export function definitionOf({ id, definition }: Pick<WorkflowVersion, 'id' | 'definition'>): WorkflowDefinition {
  const known = definitions.get(id)
  if (known !== undefined) return known
  const read = workflowDefinition.parse(definition)
  definitions.set(id, read)
  return read
}

/** As `definitionOf`, of the version `id`; read once in a process. */
export async function definitionById(tx: Tx, id: string): Promise<WorkflowDefinition> {
  return definitions.get(id) ?? definitionOf(await tx.workflowVersion.findUniqueOrThrow({ where: { id } }))
}

function read({ id, key, version, name, definition }: WorkflowVersion): PublishedWorkflow {
  return { id, key, version, name, definition: definitionOf({ id, definition }) }
}
