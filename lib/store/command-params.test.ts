import { expect, test } from 'vitest'
import { params } from './command-plans.server'

test.each([{ guidence: 'Cite page 2.' }, { oldcall: 'pay' }, { budgetUSD: 5 }, { mayBePaidTwise: true }])(
  'a parameter that no command has is refused, not passed over: %o',
  (given) => {
    const parsed = params.safeParse(given)
    expect(parsed.success).toBe(false)
    expect(parsed.error?.issues[0]?.message).toContain(Object.keys(given)[0])
  },
)

test.each([Number.NaN, -1, 0, Number.POSITIVE_INFINITY, 2_000_000, '5'])('a budget of %s is refused', (budgetUsd) => {
  expect(params.safeParse({ budgetUsd }).success).toBe(false)
})

test('text that PostgreSQL cannot hold is mended before it gets there', () => {
  const given = { assignee: 'a\0', reason: 'b\ud800', reference: '\0', mentions: ['c\0'] }
  expect(params.parse(given)).toEqual({ assignee: 'a␀', reason: 'b�', reference: '␀', mentions: ['c␀'] })
})
