import { expect, test } from 'vitest'
import type { RuleInput } from '@/lib/alerts/view'
import { draftOf, inputOf } from './rule-draft'

const rule: RuleInput = {
  kind: 'failure_rate',
  workflowKey: null,
  threshold: 0.29,
  minutes: 60,
  least: 10,
  isOn: true,
  people: ['dana', 'rob'],
  byEmail: true,
  address: null,
}

test('the form of a rule names only people whom a rule can name, so that it can be saved', () => {
  const draft = draftOf(rule.kind, rule, [{ id: 'rob' }, { id: 'lena' }])
  expect(draft).toMatchObject({ threshold: '29', people: ['rob'] })
  expect(inputOf(draft)).toEqual({ ...rule, people: ['rob'] })
})
