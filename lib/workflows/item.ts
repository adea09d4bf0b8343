import { z } from 'zod'
import type { WorkflowItem } from '@/lib/jobs/view'
import type { WorkflowHistory } from './catalogue.server'
import { type WorkflowDefinition, workflowDefinition } from './definition'
import { deliveryWords, reviewWords } from './policy-words'

const time = z.iso.datetime()

/** A workflow with all of its versions, as the API gives it. */
export const workflowHistorySchema = z.object({
  key: z.string(),
  /** The version that new jobs run under. */
  version: z.number().int(),
  retiredAt: time.nullable(),
  /** The newest first. */
  versions: z.array(
    z.object({
      version: z.number().int(),
      publishedAt: time,
      note: z.string().nullable(),
      author: z.string().nullable(),
      jobs: z.object({ all: z.number().int(), open: z.number().int() }),
      definition: workflowDefinition,
    }),
  ),
})
export type WorkflowHistoryView = z.infer<typeof workflowHistorySchema>

export function historyView({ key, currentVersion, retiredAt, versions }: WorkflowHistory): WorkflowHistoryView {
  return {
    key,
    version: currentVersion,
    retiredAt: retiredAt?.toISOString() ?? null,
    versions: versions.map(({ id: _, publishedAt, ...rest }) => ({ ...rest, publishedAt: publishedAt.toISOString() })),
  }
}

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
    review: { approvals: definition.review.approvals, asks: asksWords(definition.review) },
    leaves: definition.delivery.kind === 'none' ? null : deliveryWords(definition.delivery, definition.inputSchema),
  }
}

/** Who must approve, for the person who is about to ask. */
function asksWords(review: WorkflowDefinition['review']): string {
  const more = (review.byRisk ?? []).length > 0 ? '; more where a rule over the result says so' : ''
  return `${reviewWords(review)}${more}`
}
