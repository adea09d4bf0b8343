/** All workflows and their versions, for people who look after them. */
import type { WorkflowVersion } from '@/lib/generated/prisma/client'
import { stateNames, states } from '@/lib/lifecycle/table'
import type { Tx } from '@/lib/store/db.server'
import type { WorkflowDefinition } from './definition'
import { headed, readWorkflowFile, writeWorkflowFile } from './file'
import { definitionHash, definitionOf } from './store.server'

/** How many jobs: in all, and of those that are not settled. */
export type JobCount = { all: number; open: number }

export type CatalogueEntry = {
  key: string
  version: number
  /** When the current version was published. */
  publishedAt: Date
  retiredAt: Date | null
  definition: WorkflowDefinition
  jobs: JobCount
}

export type VersionEntry = {
  id: string
  version: number
  publishedAt: Date
  note: string | null
  /** The name of the person who published it; null where it came otherwise. */
  author: string | null
  definition: WorkflowDefinition
  jobs: JobCount
}

export type WorkflowHistory = {
  key: string
  currentVersion: number
  retiredAt: Date | null
  /** The newest first. */
  versions: VersionEntry[]
}

const NONE: JobCount = { all: 0, open: 0 }

/** Every workflow in its current version, by name; those that are retired come last. */
export async function listWorkflows(tx: Tx): Promise<CatalogueEntry[]> {
  const workflows = await tx.workflow.findMany()
  if (workflows.length === 0) return []
  const [versions, counts] = await Promise.all([
    tx.workflowVersion.findMany({
      where: { OR: workflows.map(({ key, currentVersion }) => ({ key, version: currentVersion })) },
    }),
    tx.job.groupBy({ by: ['workflowKey', 'state'], _count: true }),
  ])
  const entries = workflows.flatMap(({ key, retiredAt }): CatalogueEntry[] => {
    const current = versions.find((version) => version.key === key)
    if (current === undefined) return []
    const jobs = sum(counts.filter(({ workflowKey }) => workflowKey === key))
    const { version, createdAt } = current
    return [{ key, version, publishedAt: createdAt, retiredAt, definition: definitionOf(current), jobs }]
  })
  const isRetired = ({ retiredAt }: CatalogueEntry) => Number(retiredAt !== null)
  return entries.toSorted(
    (one, other) => isRetired(one) - isRetired(other) || one.definition.name.localeCompare(other.definition.name, 'en'),
  )
}

/** What every workflow is called, for choosing among the jobs of the past: those that are retired say so. */
export async function workflowNames(tx: Tx): Promise<{ key: string; name: string }[]> {
  const workflows = await tx.workflow.findMany({
    include: { versions: { select: { version: true, name: true } } },
  })
  const named = workflows.map(({ key, currentVersion, retiredAt, versions }) => {
    const name = versions.find(({ version }) => version === currentVersion)?.name ?? key
    return { key, name: retiredAt === null ? name : `${name} (retired)` }
  })
  return named.toSorted((one, other) => one.name.localeCompare(other.name, 'en'))
}

/** One workflow with all of its versions; null where there is none with this key. */
export async function readHistory(tx: Tx, key: string): Promise<WorkflowHistory | null> {
  const workflow = await tx.workflow.findUnique({
    where: { key },
    include: { versions: { orderBy: { version: 'desc' } } },
  })
  if (workflow === null || workflow.versions.length === 0) return null
  const { versions, currentVersion, retiredAt } = workflow
  const [counts, authors] = await Promise.all([
    tx.job.groupBy({ by: ['workflowVersionId', 'state'], where: { workflowKey: key }, _count: true }),
    tx.user.findMany({
      where: { id: { in: versions.flatMap(({ authorId }) => authorId ?? []) } },
      select: { id: true, name: true },
    }),
  ])
  const names = new Map(authors.map(({ id, name }) => [id, name]))
  return {
    key,
    currentVersion,
    retiredAt,
    versions: versions.map((row) => ({
      id: row.id,
      version: row.version,
      publishedAt: row.createdAt,
      note: row.note,
      author: row.authorId === null ? null : (names.get(row.authorId) ?? null),
      definition: definitionOf(row),
      jobs: sum(counts.filter(({ workflowVersionId }) => workflowVersionId === row.id)),
    })),
  }
}

function sum(counts: readonly { state: string; _count: number }[]): JobCount {
  return counts.reduce(({ all, open }, { state, _count }) => {
    const isOpen = stateNames.some((name) => name === state && !states[name].settled)
    return { all: all + _count, open: open + (isOpen ? _count : 0) }
  }, NONE)
}

export type WorkflowFile = { key: string; version: number; text: string }

/**
 * The file of a version (the current one where `version` is null), as it was given where that still says the same, so
 * that comments are kept. Null where there is no such version. `schemaUrl`: see `writeWorkflowFile`.
 */
export async function exportWorkflow(
  tx: Tx,
  key: string,
  version: number | null,
  schemaUrl: string,
): Promise<WorkflowFile | null> {
  const workflow = await tx.workflow.findUnique({ where: { key } })
  if (workflow === null) return null
  const row = await tx.workflowVersion.findUnique({
    where: { key_version: { key, version: version ?? workflow.currentVersion } },
  })
  return row === null ? null : { key, version: row.version, text: fileOf(row, schemaUrl) }
}

function fileOf(row: WorkflowVersion, schemaUrl: string): string {
  const definition = definitionOf(row)
  const given = row.source === null ? null : readWorkflowFile(row.source)
  const isSame = given?.ok === true && definitionHash(given.definition) === definitionHash(definition)
  return row.source !== null && isSame ? headed(row.source, schemaUrl) : writeWorkflowFile(definition, { schemaUrl })
}
