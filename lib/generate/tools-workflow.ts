/** A workflow with a tool that asks first, for the generated jobs that wait for leave. Pure. */
import type { WorkflowDefinition } from '@/lib/workflows/definition'
import { WITH_TOOLS } from './material'

/** @param report the built-in report, of which it is a copy with one tool. */
export function withTools(report: WorkflowDefinition): WorkflowDefinition {
  return {
    ...report,
    key: WITH_TOOLS,
    name: 'Report with a tool (generated)',
    description: 'Made by “holdpoint generate”, for jobs that wait for leave to call a tool. Its tool is not there.',
    tools: [
      {
        type: 'function',
        name: 'book_refund',
        description: 'Books a refund.',
        risk: 'write',
        touches: 'Books money',
        // The port of the discard protocol: nobody listens there.
        url: 'http://127.0.0.1:9/tool',
        timeoutSeconds: 5,
        parameters: {
          type: 'object',
          properties: { order: { type: 'string' }, amount: { type: 'number' } },
          required: ['order', 'amount'],
          additionalProperties: false,
        },
      },
    ],
  }
}
