/** Publishing a workflow with another policy. */
import type { Db } from '@/lib/store/db.server'
import { fileWithPolicy, type GivenPolicy, type PolicyProblem, withPolicy } from './policy-edit'
import { definitionOf, importWorkflow, WorkflowMoved } from './store.server'

export type PublishedPolicy = { ok: true; version: number; isNew: boolean } | { ok: false; problems: PolicyProblem[] }

/**
 * Publishes version `basedOn` of a workflow with another policy as its next version; all else stays, the comments of its
 * file too. Null where there is no such version.
 * @throws {WorkflowMoved} where another version is current by now.
 */
export async function publishPolicy(
  db: Db,
  edit: { key: string; policy: GivenPolicy; basedOn: number; note: string | null; authorId: string },
): Promise<PublishedPolicy | null> {
  const { key, policy, basedOn, note, authorId } = edit
  const workflow = await db.workflow.findUnique({ where: { key } })
  if (workflow === null) return null
  // Before anything else: what is wrong beside another version is not what is wrong with this one.
  if (workflow.currentVersion !== basedOn) throw new WorkflowMoved(key, workflow.currentVersion)
  const row = await db.workflowVersion.findUnique({ where: { key_version: { key, version: basedOn } } })
  if (row === null) return null
  const edited = withPolicy(definitionOf(row), policy)
  if (!edited.ok) return edited
  const source = fileWithPolicy(row.source, edited.definition)
  const { version, isNew } = await importWorkflow(db, edited.definition, { note, authorId, source }, basedOn)
  return { ok: true, version, isNew }
}
