import { expect, it } from 'vitest'
import { exactAction, rowsOfAction } from './action-rows'

it('has one row a field, with the amount and its currency together, to the cent', () => {
  const rows = rowsOfAction({ type: 'refund', order_id: 'KC-1', amount: 12_661.9, currency: 'EUR', isUrgent: false })
  expect(rows.map(({ name, value }) => [name, value])).toEqual([
    ['Type', 'refund'],
    ['Order id', 'KC-1'],
    ['Amount', '12,661.90 EUR'],
    ['Is urgent', 'No'],
  ])
})

it('shows every digit of an amount, and says where something is not stated', () => {
  expect(rowsOfAction({ amount: 0.123456, currency: 'EUR' })[0]?.value).toBe('0.123456 EUR')
  expect(rowsOfAction({ amount: null, currency: 'EUR' }).map(({ value }) => value)).toEqual([null, 'EUR'])
  expect(rowsOfAction({ amount: 5, currency: '\u202eRUE' }).map(({ value }) => value)).toEqual(['5', '\u202eRUE'])
})

it('keeps the fields of the JSON in the order of the answer', () => {
  const text = '{"why":"w","action":{"type":"refund","amount":1,"order":"o"}}'
  const stored = { amount: 1, order: 'o', type: 'refund' }
  expect(exactAction(text, stored)).toBe('{\n  "type": "refund",\n  "amount": 1,\n  "order": "o"\n}')
  expect(exactAction('no JSON', stored)).toBe(JSON.stringify(stored, null, 2))
})

it('does not write out what is nested too deep', () => {
  const deep = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`)
  expect(exactAction('', { deep })).toBeNull()
})
