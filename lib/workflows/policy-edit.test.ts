import { expect, test } from 'vitest'
import type { WorkflowDefinition } from './definition'
import { readWorkflowFile } from './file'
import { VALID } from './fixtures'
import { fileWithPolicy, withPolicy } from './policy-edit'

const definition = ((): WorkflowDefinition => {
  const read = readWorkflowFile(VALID)
  if (!read.ok) throw new Error('The example is spoilt.')
  return read.definition
})()
const { review } = definition
const delivery = { kind: 'file', folder: 'approved' }

test('a policy takes the place of another', () => {
  expect(withPolicy(definition, { review: { ...review, approvals: 2 }, delivery })).toEqual({
    ok: true,
    definition: { ...definition, review: { ...review, approvals: 2 }, delivery },
  })
})

test('all that is wrong with a policy is told by field', () => {
  const given = {
    review: { ...review, dueHours: 'soon', byRisk: [{ id: 'a', label: '', when: { if: 'leaves' }, ask: {} }] },
    delivery: { kind: 'http', url: 'ftp://x' },
  }
  expect(withPolicy(definition, given)).toEqual({
    ok: false,
    problems: [
      { path: 'review.dueHours', message: '"dueHours" of "review" must be a number, and is "soon".' },
      {
        path: 'review.byRisk.0.label',
        message: '"label" of entry 1 of "byRisk" of "review" is empty. Write something.',
      },
      { path: 'delivery.url', message: '"url" of "delivery" must be an address that begins with http:// or https://.' },
    ],
  })
})

test.each(['x', 1, [], {}, { review: null }])('anything may be given: %j', (given) => {
  expect(withPolicy(definition, given as never).ok).toBe(false)
})

test('what is wrong with the rest of a workflow keeps nobody from editing its policy', () => {
  const spoilt = { ...definition, checks: [{ ...definition.checks[0], at: '/gone' }] } as WorkflowDefinition
  expect(withPolicy(spoilt, { review, delivery: { kind: 'none' } }).ok).toBe(true)
})

test('a file keeps its comments where its policy is replaced', () => {
  const edited = withPolicy(definition, { review: { ...review, approvals: 2 }, delivery })
  if (!edited.ok) throw new Error('It was refused.')
  const text = fileWithPolicy(VALID, edited.definition)
  expect(text).toContain('# What this is for.\nkey: refund\n')
  expect(text).toContain('  approvals: 2\n')
  expect(text).toContain('delivery:\n  kind: file\n  folder: approved\n')
  expect(text === null ? null : readWorkflowFile(text)).toEqual({ ok: true, definition: edited.definition })
})

test('a file of another workflow, or one that cannot be read, does not become the file of this one', () => {
  expect(fileWithPolicy(VALID.replace('gpt-5.5', 'other'), definition)).toBeNull()
  expect(fileWithPolicy('a: [', definition)).toBeNull()
  expect(fileWithPolicy(null, definition)).toBeNull()
})
