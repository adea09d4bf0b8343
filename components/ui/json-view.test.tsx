import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it } from 'vitest'
import { JsonView } from './json-view'

const draw = (value: unknown, depth?: number) => renderToStaticMarkup(<JsonView value={value} depth={depth} />)

it('draws a small value whole, and names what nobody would see', () => {
  const html = draw({ fee: '\u202e0001', paid: false, notes: [] })
  expect(html).toContain('U+202E')
  expect(html).toContain('false')
  expect(html).toContain('[ ] empty')
  expect(html.match(/<li/g)).toHaveLength(4)
})

it('draws some rows of many, in a box that scrolls and can be reached by keyboard', () => {
  const html = draw(Array.from({ length: 100_000 }, (_, index) => index))
  expect(html).toContain('aria-label="JSON, 100,001 rows"')
  expect(html).toContain('tabindex="0"')
  const drawn = html.match(/<li/g)?.length ?? 0
  expect(drawn).toBeGreaterThan(20)
  expect(drawn).toBeLessThan(200)
})

it('draws the beginning of a long text and offers the rest', () => {
  const html = draw({ line: 'x'.repeat(10_000_000) })
  expect(html.length).toBeLessThan(5_000)
  expect(html).toContain('Show 100,000 of 10,000,000 characters')
})
