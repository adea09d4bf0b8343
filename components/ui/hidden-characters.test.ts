import fc from 'fast-check'
import { expect, it } from 'vitest'
import { explainHidden, nameHidden, splitHidden } from './hidden-characters'

const hiddenIn = (text: string) =>
  splitHidden(text)
    .filter((piece) => piece.hidden)
    .map((piece) => nameHidden(piece.text))

it.each([
  ['a turned direction', 'a fee of \u202e0001\u202c euros', ['U+202E', 'U+202C']],
  ['an isolate', '\u2066x\u2069', ['U+2066', 'U+2069']],
  ['a space without width', 'ad\u200bmin', ['U+200B']],
  ['many of them, as one', `a${'\u200b'.repeat(5_000)}b`, ['U+200B ×5000']],
  ['a joiner between Latin letters', 'ad\u200dmin', ['U+200D']],
  ['a mark of the byte order', '\ufeffid', ['U+FEFF']],
  ['a control code of a terminal', '\u001b[31mred', ['U+001B']],
  ['a blank that is a letter', 'a\u3164b', ['U+3164']],
  ['a sentence in tags', 'ok\u{e0069}\u{e0067}\u{e006e}\u{e006f}', ['U+E0069 U+E0067 U+E006E … ×4']],
  ['marks piled on one letter, those that are too many', `Z${'\u0335'.repeat(1_000)}algo`, ['U+0335 ×988']],
  ['a joiner of letters that is never seen', 'pass\u034fword', ['U+034F']],
  ['an empty cell of Braille', 'a\u2800b', ['U+2800']],
  ['a mark of direction where nothing is written from the right', '10\u200f-20', ['U+200F']],
])('finds %s', (_what, text, names) => {
  expect(hiddenIn(text)).toEqual(names)
})

it.each([
  'A fee of 40 euros.\n\tNext',
  'הדמי השכירות\u200f הם 900 שקלים',
  '👩‍👩‍👧 👩🏽‍💻 🏳️‍🌈',
  'می\u200cخواهم',
  'क्\u200dष',
  '\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}',
  'Zusammen\u00adsetzung',
  'בְּרֵאשִׁ֖ית בָּרָ֣א',
  'ཧྐྵྨླྺྼྻྂ',
])('leaves alone what writing needs: %s', (text) => {
  expect(hiddenIn(text)).toEqual([])
})

it('says what a character does', () => {
  expect(explainHidden('\u202e')).toMatch(/direction/)
  expect(explainHidden('\u{e0041}')).toMatch(/carried/)
  expect(explainHidden('\u001b')).toMatch(/terminals/)
  expect(explainHidden('\u200b')).toMatch(/no width/)
  expect(explainHidden('\u034f')).toMatch(/no width/)
  expect(explainHidden('\u0335\u0336')).toMatch(/marks on one letter/)
})

it('loses no letter of any text', () => {
  const unit = fc.constantFrom(
    'a',
    'א',
    ' ',
    '\u200b',
    '\u200d',
    '\u202e',
    '\u200f',
    '\u{e0061}',
    '\u{1f3f4}',
    '👩',
    '\u0335\u0336\u0337',
  )
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 30 }), (units) => {
      const text = units.join('')
      expect(
        splitHidden(text)
          .map((piece) => piece.text)
          .join(''),
      ).toBe(text)
    }),
  )
})

it('finds the end of a million marks at once', () => {
  const [letter, rest] = splitHidden(`a${'\u0335'.repeat(1_000_000)}`)
  expect([letter?.text.length, rest?.text.length]).toEqual([13, 999_988])
})
