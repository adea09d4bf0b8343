import { expect, test } from 'vitest'
import { readBuiltins } from './builtin.server'
import { compareDefinitions } from './compare'
import type { WorkflowDefinition } from './definition'
import { readWorkflowFile } from './file'
import { VALID } from './fixtures'

const [report] = readBuiltins() as [WorkflowDefinition]
const refund = readWorkflowFile(VALID)

test('a workflow does not differ from itself', () => {
  expect(compareDefinitions(report, structuredClone(report))).toEqual([])
})

test('a changed line is shown with the lines around it, the rest only counted', () => {
  const instructions = report.instructions.replace('Never fill a gap with a guess.', 'Say what is missing.')
  const [change, ...others] = compareDefinitions(report, { ...report, instructions })
  expect(others).toEqual([])
  expect(change).toMatchObject({ field: 'instructions', kind: 'changed' })
  expect(change?.lines[0]).toEqual({ kind: 'gap', count: expect.any(Number) })
  expect(change?.lines.filter(({ kind }) => kind === 'same')).toHaveLength(6)
  expect(change?.lines.filter(({ kind }) => kind === 'removed' || kind === 'added')).toEqual([
    { kind: 'removed', text: 'only if everything was answered. Never fill a gap with a guess.' },
    { kind: 'added', text: 'only if everything was answered. Say what is missing.' },
  ])
})

test('groups are compared field by field, tools and checks by their names', () => {
  if (!refund.ok) throw new Error('The example is spoilt.')
  const before = refund.definition
  const [lookUp, issue] = before.tools
  if (lookUp === undefined || issue?.type !== 'function') throw new Error('The example has lost its tools.')
  const after: WorkflowDefinition = {
    ...before,
    tools: [{ ...issue, risk: 'forbidden' }, { type: 'web_search' }],
    checks: before.checks.slice(1),
    review: { ...before.review, approvals: 2 },
    reasoningEffort: 'low',
    evidence: null,
  }
  expect(compareDefinitions(before, after).map(({ field, kind }) => `${kind} ${field}`)).toEqual([
    'changed tools.issue_refund',
    'added tools.web_search',
    'added evidence',
    'changed review.approvals',
    'added reasoningEffort',
    'removed tools.look_up_order',
    'removed evidence.claims',
    'removed evidence.text',
    'removed checks.capital',
  ])
})
