/** A workflow with another policy, as somebody edits it. Pure. */
import { parseDocument } from 'yaml'
import type { WorkflowDefinition } from './definition'
import { readWorkflowFile } from './file'
import { ruleProblems } from './file-rules'
import { fieldProblems } from './file-words'
import { strictDefinition } from './strict'

/** A review policy and a delivery, of any shape: nobody has looked at them yet. */
export type GivenPolicy = { review: unknown; delivery: unknown }

/** `path`: of the field within the workflow, its names and numbers with points between them. */
export type PolicyProblem = { path: string; message: string }

export type PolicyEdit = { ok: true; definition: WorkflowDefinition } | { ok: false; problems: PolicyProblem[] }

/** `definition` with `given` in place of its policy, or all that is wrong with that. */
export function withPolicy(definition: WorkflowDefinition, given: GivenPolicy): PolicyEdit {
  const edited = { ...definition, review: given.review, delivery: given.delivery }
  const found = [...fieldProblems(edited), ...ruleProblems(edited)].filter(({ path }) =>
    POLICY.includes(String(path[0])),
  )
  if (found.length > 0) {
    return { ok: false, problems: found.map(({ path, message }) => ({ path: path.join('.'), message })) }
  }
  return { ok: true, definition: strictDefinition.parse(edited) }
}

/** What an older release took and this one would not is not for whoever edits the policy to mend. */
const POLICY = ['review', 'delivery']

/**
 * The file `source` with the policy of `definition` in it, its comments elsewhere kept; null where it does not say the
 * same as `definition` afterwards, or where there is none.
 */
export function fileWithPolicy(source: string | null, definition: WorkflowDefinition): string | null {
  if (source === null) return null
  const document = parseDocument(source)
  if (document.errors.length > 0) return null
  document.set('review', document.createNode(definition.review))
  document.set('delivery', document.createNode(definition.delivery))
  const text = document.toString({ lineWidth: 0, flowCollectionPadding: false })
  const read = readWorkflowFile(text)
  return read.ok && isSame(read.definition, definition) ? text : null
}

function isSame(one: WorkflowDefinition, other: WorkflowDefinition): boolean {
  return JSON.stringify(strictDefinition.parse(one)) === JSON.stringify(strictDefinition.parse(other))
}
