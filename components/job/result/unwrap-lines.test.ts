import { expect, it } from 'vitest'
import { unwrapLines } from './unwrap-lines'

const full = 'The deposit is returned within 21 days after the Premises have been handed back,'

it('puts a paragraph that the paper cut into one piece, at the same offsets', () => {
  const text = `${full}\nless the cost of repairing damage. Every deduction is listed with its\ninvoice.\n\n5. Ending early`
  const drawn = unwrapLines(text)
  expect(drawn).toBe(
    `${full} less the cost of repairing damage. Every deduction is listed with its invoice.\n\n5. Ending early`,
  )
  expect(drawn).toHaveLength(text.length)
})

it('keeps the lines of paragraphs, lists, tables and titles', () => {
  for (const text of [
    `${full}\n\nNext`,
    `${full}\n- a point`,
    `${full}\n2. A clause`,
    'Item  Price\nDesk  240\nLamp  18',
  ]) {
    expect(unwrapLines(text)).toBe(text)
  }
})
