import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it } from 'vitest'
import type { TraceItemView } from '@/lib/jobs/view'
import { aJob } from '../fixtures'
import { Trace } from './trace'

const annotation = { type: 'url_citation', url: 'https://a.test/x', title: 'The law', start_index: 0, end_index: 3 }
const message = (over = {}) => ({
  content: [{ type: 'output_text', text: 'The rent', annotations: [{ ...annotation, ...over }] }],
})
const search = { action: { type: 'search', query: 'rent', sources: [{ url: 'https://a.test/x' }] } }

function drawn(...items: [type: string, data: object, cut?: boolean][]): string {
  const trace = items.map(
    ([type, data, cut = false], position): TraceItemView => ({
      attempt: 1,
      position,
      type,
      data: { type, ...data },
      cut,
    }),
  )
  return renderToStaticMarkup(<Trace job={aJob({ trace })} />)
}

const linksIn = (page: string) => [...page.matchAll(/<a href="([^"]*)"/g)].map(([, href]) => href)

it('links a citation that resolves', () => {
  const page = drawn(['web_search_call', search], ['message', message()])
  expect(linksIn(page)).toEqual(['https://a.test/x', 'https://a.test/x'])
  expect(page).toContain('It cites 1 source')
})

it.each([
  ['a source that no search lists', { url: 'https://b.test/y' }],
  ['a place outside the text', { end_index: 900 }],
  ['an address that is none', { url: 'javascript:alert(1)' }],
])('does not link a citation with %s, and says why', (_what, over) => {
  const page = drawn(['web_search_call', search], ['message', message(over)])
  expect(linksIn(page)).toEqual(['https://a.test/x'])
  expect(page).toContain('It does not resolve')
})

it('does not judge citations where what they are compared with was cut', () => {
  const page = drawn(['web_search_call', search, true], ['message', message({ url: 'https://b.test/y' })])
  expect(page).not.toContain('It does not resolve')
  expect(page).toContain('They are not looked up here')
})

it('flags a kind of output that it does not know, and shows all of it', () => {
  const page = drawn(['hologram_call', { beam: 'blue' }])
  expect(page).toContain('A kind of output that this version does not know')
  expect(page).toContain('blue')
})
