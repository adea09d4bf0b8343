import { describe, expect, it } from 'vitest'
import type { JobView, TraceItemView } from '@/lib/jobs/view'
import { stepThatFound } from './trace-step'

type Citation = JobView['evidence'][number]['citations'][number]

const citation = (quote: string, documentName = 'lease.md') => ({ quote, documentName }) as Citation
const step = (position: number, type: string, data: unknown, attempt = 1): TraceItemView => ({
  attempt,
  position,
  type,
  data,
  cut: false,
})
const search = (position: number, filename: string, text: string, attempt = 1) =>
  step(position, 'file_search_call', { queries: ['rent'], results: [{ filename, text, score: 0.9 }] }, attempt)

describe('stepThatFound', () => {
  it('finds the search that brought the words, whatever their white space', () => {
    const trace = [search(1, 'lease.md', 'Nothing of it.'), search(2, 'lease.md', 'The rent is\n740 euros a month.')]
    expect(stepThatFound(citation('the rent is 740 euros'), trace, 1)).toMatchObject({
      item: { position: 2 },
      by: 'quote',
    })
  })

  it('finds the answer of a tool that has the words', () => {
    const trace = [step(4, 'function_call_output', { output: '{"clause":"Three months to the end"}' })]
    expect(stepThatFound(citation('three months'), trace, 1)).toMatchObject({ item: { position: 4 }, by: 'quote' })
  })

  it('falls back to the search that brought the document, and says so', () => {
    const trace = [search(1, 'other.md', 'x'), search(2, 'lease.md', 'Another part.')]
    expect(stepThatFound(citation('the rent'), trace, 1)).toMatchObject({ item: { position: 2 }, by: 'document' })
  })

  it('finds nothing in other attempts, and nothing where no step has it', () => {
    const trace = [search(1, 'lease.md', 'The rent.', 2), step(2, 'reasoning', { summary: [{ text: 'the rent' }] })]
    expect(stepThatFound(citation('the rent'), trace, 1)).toBeNull()
  })
})
