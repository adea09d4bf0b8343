/** A small workflow and its request, with round prices, for tests of money. */
import type { ResponseRequest } from '@/lib/provider/types'
import { type WorkflowDefinition, workflowDefinition } from '@/lib/workflows/definition'
import type { PriceBook } from './price-book'

/** A dollar for a million tokens in, ten for a million out, a cent for a search. */
export const book: PriceBook = {
  models: new Map([
    ['m-1', { name: 'm-1', inputMicros: 1_000_000n, cachedMicros: 100_000n, outputMicros: 10_000_000n }],
    ['m-1:flex', { name: 'm-1:flex', inputMicros: 500_000n, cachedMicros: null, outputMicros: 5_000_000n }],
  ]),
  tools: new Map([['web_search', 10_000n]]),
}

/** At most 1,000 tokens out. */
export function definitionOf(fields: Partial<WorkflowDefinition> = {}): WorkflowDefinition {
  return workflowDefinition.parse({
    key: 'priced',
    name: 'Priced',
    description: 'For tests.',
    kind: 'json',
    instructions: 'Answer.',
    model: 'm-1',
    maxOutputTokens: 1_000,
    maxInputCharacters: 10_000,
    documents: { min: 0, max: 5 },
    inputSchema: { type: 'object', properties: {}, required: [], additionalProperties: false },
    output: { name: 'answer', schema: { type: 'object', properties: {}, required: [], additionalProperties: false } },
    evidence: null,
    review: { approvals: 0, requesterMayApprove: true, dueHours: 1, undoSeconds: 0 },
    limits: { deadlineMinutes: 10, noProgressMinutes: 5 },
    retry: { maxAttempts: 3, factor: 2, capSeconds: 10 },
    ...fields,
  })
}

export function requestOf(fields: Partial<ResponseRequest> = {}): ResponseRequest {
  return {
    model: 'm-1',
    instructions: 'Answer.',
    input: 'What?',
    background: true,
    store: true,
    max_output_tokens: 1_000,
    metadata: {},
    text: { format: { type: 'json_schema', name: 'answer', strict: true, schema: {} } },
    ...fields,
  }
}

/** A budget, in US dollars; what is absent has no limit. */
export function budget(usd: Partial<WorkflowDefinition['budget']>): Pick<WorkflowDefinition, 'budget'> {
  return { budget: { perJobUsd: null, perDayUsd: null, totalUsd: null, ...usd } }
}
