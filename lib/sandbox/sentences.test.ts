import { describe, expect, it } from 'vitest'
import { cutSentences } from './sentences'

const textsOf = (passage: string) => cutSentences(passage).map(({ text }) => text)

describe('a numbered clause', () => {
  it('keeps its number and name with the sentence that they name', () => {
    expect(textsOf('1. Rent. The Tenant shall pay 900 euros a month. It is due on the third.')).toEqual([
      '1. Rent. The Tenant shall pay 900 euros a month.',
      'It is due on the third.',
    ])
  })

  it('of a clause within a clause too, in a list without blank lines', () => {
    expect(textsOf('3. Notice. Either side may end this.\n3.1. Early notice. One month is enough.')).toEqual([
      '3. Notice. Either side may end this.',
      '3.1. Early notice. One month is enough.',
    ])
  })

  it('is a heading where its name stands alone', () => {
    expect(cutSentences('2. Deposit.\n\nIt is two months of rent.')).toEqual([
      { text: '2. Deposit.', kind: 'heading' },
      { text: 'It is two months of rent.', kind: 'sentence' },
    ])
  })

  it('may be a whole sentence by itself', () => {
    expect(textsOf('4. The Tenant pays the deposit of two months before moving in. Pets are allowed.')).toEqual([
      '4. The Tenant pays the deposit of two months before moving in.',
      'Pets are allowed.',
    ])
  })
})
