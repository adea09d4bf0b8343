import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it } from 'vitest'
import type { ResultView } from '@/lib/jobs/view'
import { ClaimSelectionProvider, type ClaimView } from './claim-list'
import { RecommendationDocument } from './recommendation-document'
import { ResultDocument } from './result-document'
import { readRecommendation } from './result-shapes'

function claimAt(path: string, index: number): ClaimView {
  return { index, path, text: 'claim', support: 'none', citations: [] }
}

/** What is drawn for this answer: the markup, and its words. */
function draw(kind: ResultView['kind'], json: unknown, paths: readonly string[] = [], to: string | null = null) {
  const claims = paths.map(claimAt)
  const text = JSON.stringify(json)
  const result = {
    id: 'r',
    attempt: 1,
    revision: 0,
    kind,
    text,
    json,
    hash: 'h',
    editedBy: null,
    createdAt: '2026-11-23T10:00:00.000Z',
  }
  const html = renderToStaticMarkup(
    <ClaimSelectionProvider claims={claims} selected={0} select={() => {}}>
      <ResultDocument result={result} claims={claims} to={to} />
    </ClaimSelectionProvider>,
  )
  const words = html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')
  return { html, words, claims: [...html.matchAll(/data-claim="(\d+)"/g)].map(([, index]) => Number(index)) }
}

it('a draft reads as a letter: to whom, on what, and its text', () => {
  const json = {
    subject: 'Your\u202e rent',
    body: 'Dear you,\n\nHello.',
    points: [{ point: 'P' }],
    open_questions: ['Why?'],
  }
  const { html, words, claims } = draw('draft', json, ['/points/0'], 'a@example.org')
  expect(words).toMatch(/To a@example\.org Subject Your U\+202E rent Dear you, Hello\./)
  expect(words).toContain('Why?')
  expect(html).toContain('aria-label="The letter"')
  expect(claims).toEqual([0])
})

it('a recommendation marks the recommended and the chosen option, and its reasons lead to their evidence', () => {
  const json = {
    question: 'Which?',
    options: [
      { id: 'a', title: 'Apples', risks: ['rot'] },
      { id: 'b', title: 'Pears', risks: [] },
    ],
    reasons: [
      { option: 'b', for: false, reason: 'dear' },
      { option: 'a', for: true, reason: 'cheap' },
    ],
    recommended: 'a',
    choice: 'b',
    why: 'W',
    open_questions: [],
  }
  const { words, claims } = draw('recommendation', json, ['/reasons/0', '/reasons/1'])
  expect(words).toMatch(/Apples Recommended .*For it .*cheap .*Risks .*rot .*Pears Chosen .*Against it .*dear/)
  expect(claims).toEqual([1, 0])
  expect(draw('recommendation', { ...json, choice: null }).words).toContain('Nobody has chosen yet.')
  expect(words).not.toContain('Choose')
  expect(draw('recommendation', { ...json, choice: 'zz' }).words).toContain('which is none of the options')
})

it('an action reads in rows and as JSON, with its grounds', () => {
  const json = {
    action: { type: 'refund', amount: 661.9, currency: 'EUR', reason: null },
    why: 'W',
    grounds: [{ ground: 'G', citations: [] }],
  }
  const { words, claims } = draw('action', json, ['/grounds/0'])
  expect(words).toMatch(/Type refund Amount 661\.90 EUR Reason Not stated/)
  expect(words).toContain('&quot;amount&quot;: 661.9')
  expect(claims).toEqual([0])
})

it('fields can be taken into a spreadsheet', () => {
  expect(draw('fields', { fields: [{ name: 'Rent', value: '740' }] }).words).toContain('Download CSV')
  expect(draw('fields', { fields: [] }).words).not.toContain('Download CSV')
})

it.each(['draft', 'recommendation', 'action', 'json'] as const)('what is no %s is shown as it came', (kind) => {
  const { words, claims } = draw(kind, { own: { shape: 'of-it' } }, ['/somewhere/0'])
  expect(words).toContain('of-it')
  expect(claims).toEqual([0])
})

it('an option is chosen by its own button where a choice can be made, and the chosen one has none', () => {
  const json = { options: ['a', 'b'].map((id) => ({ id, title: `Option ${id}`, risks: [] })), reasons: [], choice: 'b' }
  const recommendation = readRecommendation(json)
  if (recommendation === null) throw new Error('it is one')
  const drawn = renderToStaticMarkup(<RecommendationDocument recommendation={recommendation} onChoose={() => {}} />)
  const buttons = [...drawn.matchAll(/<button.*?<\/button>/g)].map(([button]) => button.replace(/<[^>]*>/g, ''))
  expect(buttons).toEqual(['Choose: Option a'])
})
