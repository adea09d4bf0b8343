import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it } from 'vitest'
import { Markdown } from './markdown'
import { isTangled, MOST_MARKDOWN } from './markdown-limits'

const many = (piece: string) => piece.repeat(Math.floor(MOST_MARKDOWN / piece.length))
const half = MOST_MARKDOWN / 2 - 1

/** Each of these took the parser from half a second to a minute, or all of its stack. */
const TANGLED = {
  'a quote in a quote, over and over': many('>'),
  'the same, with spaces': many('> '),
  'a list in a list, over and over': `${'- '.repeat(half - 1)}a`,
  'emphasis of emphasis': `${'*'.repeat(half)}a${'*'.repeat(half)}`,
  'emphasis that is never closed in order': many('*a_ '),
  'emphasis that opens and closes in turn': `${'*a '.repeat(3_000)}${'b* '.repeat(3_000)}`,
  'brackets in brackets': '['.repeat(half) + ']'.repeat(half),
  'images in images': many('!['),
  'headings, each one letter long': many('a\n=\n'),
  'a deep quote with lazy lines after it': `${'> '.repeat(10)}a\n${'b\n'.repeat(9_000)}`,
  'an address that never ends': `www.${'a_'.repeat(9_000)}`,
  'more than is ever laid out': 'a'.repeat(MOST_MARKDOWN + 1),
}

it.each(Object.entries(TANGLED))('shows %s as text, in no time', (_what, text) => {
  expect(isTangled(text)).toBe(true)
  const started = performance.now()
  const drawn = renderToStaticMarkup(<Markdown>{text}</Markdown>)
  // Some ms; the parser would need seconds.
  expect(performance.now() - started).toBeLessThan(1_000)
  expect(drawn.replace(/<[^>]*>/g, '').replaceAll('&gt;', '>')).toBe(text)
})

it.each([
  [
    'a report',
    '# Findings\n\n> The **rent** is _due_ on the third day.\n\n- [the lease](https://example.org)\n  1. a\n  2. b',
  ],
  [
    'a long list',
    Array.from({ length: 300 }, (_, index) => `- **Point ${index}**: [a](https://example.org/${index})`).join('\n'),
  ],
  ['a table', `| a | b |\n|${'-'.repeat(200)}|---|\n${'| **1** | `2` |\n'.repeat(200)}`],
  ['rules and underlines', `a\n${'='.repeat(200)}\n\n${'*'.repeat(200)}\n\n${'- '.repeat(100)}\n\n${'_'.repeat(100)}`],
  ['names with underscores', 'some_long_name_of_a_thing '.repeat(100)],
  ['code with stars', `\`\`\`c\n${'int **p = *q; // [a[b[c]]]\n'.repeat(20)}\`\`\``],
])('reads %s as Markdown', (_what, text) => {
  expect(isTangled(text)).toBe(false)
})

it('shows text with a hidden character after each letter as text, with few elements', () => {
  const drawn = renderToStaticMarkup(<Markdown>{many('a\u200b')}</Markdown>)
  expect(drawn.match(/<span/g)?.length).toBeLessThan(1_000)
  expect(drawn.match(/U\+200B/g)).toHaveLength(MOST_MARKDOWN / 2)
})
