import fc from 'fast-check'
import { expect, it } from 'vitest'
import { differences, type Stretch, visible } from './difference'

const without = (stretches: Stretch[], kind: Stretch['kind']) =>
  stretches
    .filter((stretch) => stretch.kind !== kind)
    .map((stretch) => stretch.text)
    .join('')

it('shows a quotation mark and a line break that only one side has', () => {
  expect(differences('the "third" day', 'the “third”\nday')).toEqual([
    { kind: 'same', text: 'the ' },
    { kind: 'quote', text: '"' },
    { kind: 'document', text: '“' },
    { kind: 'same', text: 'third' },
    { kind: 'quote', text: '" ' },
    { kind: 'document', text: '”\n' },
    { kind: 'same', text: 'day' },
  ])
})

it('says nothing about what is the same', () => {
  expect(differences('to the letter', ' to the letter ')).toEqual([{ kind: 'same', text: 'to the letter' }])
})

it('gives up on texts that would take too long', () => {
  const long = 'word '.repeat(2_000)
  expect(differences(long, `${long}more`)).toBeNull()
})

it('always keeps both texts whole', () => {
  const words = fc.array(fc.constantFrom('a', 'b', ' ', '-', '\n', 'é'), { maxLength: 20 }).map((list) => list.join(''))
  fc.assert(
    fc.property(words, words, (quote, passage) => {
      const stretches = differences(quote, passage) ?? []
      expect(without(stretches, 'document')).toBe(quote.trim())
      expect(without(stretches, 'quote')).toBe(passage.trim())
    }),
  )
})

it('makes white space visible', () => {
  expect(visible(' \n\u00ad')).toBe('␣↵[soft hyphen]')
})
