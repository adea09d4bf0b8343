import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it } from 'vitest'
import { aJob, anAttempt } from '../fixtures'
import { NoResult } from './no-result'

const drawn = (content: unknown) =>
  renderToStaticMarkup(
    <NoResult
      job={aJob({
        attempts: [anAttempt({ providerStatus: 'incomplete', failureClass: 'review_required' })],
        trace: [{ attempt: 1, position: 0, type: 'message', data: { content: [content] }, cut: false }],
      })}
    />,
  )

it('sets out an answer that broke off as code, under words that say that it is not whole', () => {
  const page = drawn({ type: 'output_text', text: '{"title":"Rent","summary":"It is d' })
  expect(page).toContain('This is not a whole answer')
  expect(page).toMatch(/font-mono[^>]*>.*\n {2}&quot;title&quot;: &quot;Rent&quot;,\n/s)
})

it('leaves prose in the font for reading', () => {
  const page = drawn({ type: 'output_text', text: 'The rent is d' })
  expect(page).toContain('This is not a whole answer')
  expect(page).not.toContain('font-mono')
})

it('says why the model refused, in its own words', () => {
  const page = drawn({ type: 'refusal', refusal: 'I cannot.' })
  expect(page).toContain('Why the model refused')
  expect(page).not.toContain('not a whole answer')
})
