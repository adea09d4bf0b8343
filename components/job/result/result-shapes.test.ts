import { describe, expect, it } from 'vitest'
import type { JobView } from '@/lib/jobs/view'
import {
  addresseeOf,
  readAction,
  readDigest,
  readDraft,
  readFields,
  readRecommendation,
  readReport,
  supportOf,
} from './result-shapes'

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

  it('reads a draft, and points at what it states as the evidence does', () => {
    const draft = readDraft({ subject: 'S', body: 'B', points: [{ point: 'P' }], open_questions: ['?'] })
    expect(draft).toEqual({ subject: 'S', body: 'B', points: [{ path: '/points/0', text: 'P' }], openQuestions: ['?'] })
  })

  it('gives each option the reasons that name it, in their order, and keeps those that name none', () => {
    const read = readRecommendation({
      question: 'Q',
      options: [{ id: 'a', title: 'A', risks: ['r', 1] }, { id: 'b', title: 'B' }, { id: 'a', title: 'A again' }, 'C'],
      reasons: [
        { option: 'b', for: false, reason: 'one' },
        { option: 'a', for: true, reason: 'two' },
        { option: 'z', reason: 'three' },
      ],
      recommended: 'a',
      choice: null,
    })
    expect(read?.options.map(({ id, title, reasons }) => [id, title, reasons.map(({ number }) => number)])).toEqual([
      ['a', 'A', [2]],
      ['b', 'B', [1]],
      ['a', 'A again', []],
      ['4', 'C', []],
    ])
    expect(read?.options[0]?.risks).toEqual(['r'])
    expect(read?.options[1]?.reasons[0]).toMatchObject({ path: '/reasons/0', text: 'one', speaksFor: false })
    expect(read?.otherReasons).toEqual([{ path: '/reasons/2', text: 'three', number: 3, speaksFor: null }])
    expect([read?.recommended, read?.choice]).toEqual(['a', null])
  })

  it('reads a proposed action with its grounds', () => {
    const proposed = readAction({ action: { type: 'refund' }, why: 'W', grounds: [{ ground: 'G' }] })
    expect(proposed).toEqual({
      action: { type: 'refund' },
      why: 'W',
      grounds: [{ path: '/grounds/0', text: 'G' }],
    })
  })

  it('finds who a draft is for by what the form calls an e-mail address', () => {
    const inputSchema = { properties: { message: { type: 'string' }, mail: { type: 'string', format: 'email' } } }
    expect(addresseeOf({ inputSchema, input: { mail: 'a@example.org' } })).toBe('a@example.org')
    expect(addresseeOf({ inputSchema, input: {} })).toBeNull()
    expect(addresseeOf({ inputSchema: {}, input: { mail: 'a@example.org' } })).toBeNull()
  })

  it('names what is nested too deep to be written out', () => {
    const deep = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`)
    expect(readDigest({ points: [deep, { a: deep }] })?.points.map(({ text }) => text)).toEqual(['[…]', '{…}'])
  })

  it('gives up on what has another form, so that it is shown as it came', () => {
    const readers = [readReport, readFields, readDigest, readDraft, readRecommendation, readAction]
    for (const json of [null, [], 'text', { findings: 'none', body: 1, options: {}, action: [] }]) {
      for (const read of readers) expect(read(json)).toBeNull()
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
