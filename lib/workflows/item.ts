import type { WorkflowItem } from '@/lib/jobs/view'
import type { WorkflowDefinition } from './definition'

/** A workflow as the API and the form show it. */
export function workflowItem({
  version,
  definition,
}: {
  version: number
  definition: WorkflowDefinition
}): WorkflowItem {
  return {
    key: definition.key,
    name: definition.name,
    version,
    description: definition.description,
    inputSchema: definition.inputSchema,
    documents: definition.documents,
    maxInputCharacters: definition.maxInputCharacters,
    review: { approvals: definition.review.approvals },
  }
}
