import { describe, expect, it } from 'vitest'
import type { JobView } from '@/lib/jobs/view'
import { readDigest, readFields, readReport, supportOf } from './result-shapes'

type Claim = JobView['evidence'][number]
type Found = Claim['citations'][number]['found']

function claim(support: Claim['support'], ...found: Found[]): Claim {
  const place = { documentId: 'd', documentName: 'lease.pdf', quote: 'q', page: 1, start: 0, end: 1 }
  return {
    index: 0,
    path: '/findings/0',
    text: 'T',
    support,
    citations: found.map((one) => ({ ...place, found: one })),
  }
}

describe('reading results leniently', () => {
  it('reads a report, and points at its findings as the evidence does', () => {
    const report = readReport({
      title: 'T',
      summary: 'S',
      findings: [{ claim: 'One' }, { claim: 2 }],
      open_questions: ['?', 3],
    })
    expect(report).toEqual({
      title: 'T',
      summary: 'S',
      findings: [
        { path: '/findings/0', text: 'One' },
        { path: '/findings/1', text: '{"claim":2}' },
      ],
      openQuestions: ['?'],
    })
  })

  it('tells a field without a value from an empty one', () => {
    const fields = readFields({
      fields: [
        { name: 'Rent', value: null, note: 'Two values.' },
        { name: 'Fee', value: '' },
      ],
    })
    expect(fields?.map(({ value, note }) => [value, note])).toEqual([
      [null, 'Two values.'],
      ['', null],
    ])
  })

  it('gives up on what has another form, so that it is shown as it came', () => {
    for (const json of [null, [], 'text', { findings: 'none' }]) {
      expect([readReport(json), readFields(json), readDigest(json)]).toEqual([null, null, null])
    }
  })
})

describe('what carries a claim', () => {
  it('is said plainly where nothing does', () => {
    expect(supportOf(claim('none'))).toEqual({ kind: 'bare', words: 'Nothing in the documents carries this' })
    expect(supportOf(claim('none', 'not_found'))).toMatchObject({ kind: 'not_found' })
  })

  it('counts what was found, and does not hide what was not', () => {
    expect(supportOf(claim('exact', 'exact', 'exact'))).toEqual({ kind: 'exact', words: '2 passages quoted exactly' })
    expect(supportOf(claim('exact', 'exact', 'not_found'))).toEqual({
      kind: 'differs',
      words: '1 passage quoted exactly, 1 not found',
    })
    expect(supportOf(claim('differs', 'differs')).words).toBe('1 passage found, but not to the letter')
  })
})
