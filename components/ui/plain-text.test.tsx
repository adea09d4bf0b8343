import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it } from 'vitest'
import { PlainText } from './plain-text'

const textOf = (text: string) => renderToStaticMarkup(<PlainText>{text}</PlainText>).replace(/<[^>]*>/g, '')

it('names a character that would turn the direction, and does not draw it', () => {
  expect(textOf('a fee of \u202e0001\u202c euros')).toBe('a fee of U+202E0001U+202C euros')
})

it('leaves text of either direction as it is', () => {
  for (const text of ['A fee of 40 euros.', 'הדמי השכירות הם 900 שקלים', '👩‍👩‍👧']) expect(textOf(text)).toBe(text)
})

it('stays small where a mark would stand between all letters, and still names each', () => {
  const drawn = renderToStaticMarkup(<PlainText>{'a\u200b'.repeat(10_000)}</PlainText>)
  expect(drawn.match(/<span/g)).toHaveLength(500)
  expect(drawn.match(/U\+200B/g)).toHaveLength(10_000)
  expect(drawn).not.toContain('\u200b')
})
