/** Published workflows. A published version is never changed; a job keeps the one it ran under. */
import { createHash } from 'node:crypto'
import type { WorkflowVersion } from '@/lib/generated/prisma/client'
import type { Db, Tx } from '@/lib/store/db.server'
import { builtins } from './builtin'
import { type WorkflowDefinition, workflowDefinition } from './definition'

/** One version of a workflow, its definition checked. `id` is that of the version. */
export type PublishedWorkflow = {
  id: string
  key: string
  version: number
  name: string
  definition: WorkflowDefinition
}

/** Publishes the built-in workflows. May be run at every start, by several hosts at once. */
export async function publishBuiltins(db: Db): Promise<void> {
  for (const definition of builtins) await publish(db, definition)
}

/**
 * Publishes `definition` as the next version of its workflow and makes it the current one, unless a version with the
 * same content was published before: then nothing changes, so that two releases side by side, or a definition that
 * a team put in place of a built-in one, are not undone by a restart.
 * @returns whether a version was published.
 */
export async function publish(db: Db, definition: WorkflowDefinition): Promise<boolean> {
  const { key, name, review } = definition
  const sha256 = definitionHash(definition)
  return db.$transaction(async (tx) => {
    await tx.workflow.createMany({ data: [{ key, currentVersion: 1 }], skipDuplicates: true })
    // One publisher of a key at a time: the others wait here, then see what it published.
    await tx.$queryRaw`SELECT key FROM workflow WHERE key = ${key} FOR UPDATE`
    const published = await tx.workflowVersion.findMany({ where: { key }, select: { version: true, sha256: true } })
    if (published.some((earlier) => earlier.sha256 === sha256)) return false
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
      },
    })
    await tx.workflow.update({ where: { key }, data: { currentVersion: version } })
    return true
  })
}

/** SHA-256 of the definition with its keys in order: JSON columns do not keep the order. */
export function definitionHash(definition: WorkflowDefinition): string {
  return createHash('sha256')
    .update(JSON.stringify(ordered(definition)))
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

function read({ id, key, version, name, definition }: WorkflowVersion): PublishedWorkflow {
  return { id, key, version, name, definition: definitionOf({ id, definition }) }
}
