import { describe, expect, test } from 'vitest'
import { builtins } from '@/lib/workflows/builtin'
import { asForm, asText, beginEdit, laidOut, resultOf, resumeEdit } from './edit-state'
import { problemsOf, textProblems } from './problems'
import { emptyValue, shapeOf } from './schema-at'

const report = builtins.find(({ key }) => key === 'report')
if (report === undefined) throw new Error('there is no report')
const schema = report.output.schema
const REPORT = '{"title":"Rent","summary":"S","findings":[{"claim":"A","citations":[]}],"open_questions":[]}'

describe('an edit', () => {
  test('that changes nothing is none, in the form and as text', () => {
    const edit = beginEdit(REPORT)
    expect(edit.mode).toBe('form')
    expect(resultOf(edit, REPORT)).toBeNull()
    expect(resultOf(asText(edit), REPORT)).toBeNull()
    expect(resultOf({ mode: 'raw', text: REPORT }, REPORT)).toBeNull()
  })

  test('is the text as it was seen, also after going to the text and back', () => {
    const edit = { mode: 'form', value: { ...JSON.parse(REPORT), title: 'Lease' } } as const
    const text = resultOf(edit, REPORT)
    expect(text).toBe(laidOut(REPORT).replace('Rent', 'Lease'))
    expect(asText(edit)).toEqual({ mode: 'raw', text })
    expect(resultOf(asForm(asText(edit)), REPORT)).toBe(text)
    const raw = { mode: 'raw', text: REPORT.replace('Rent', 'Lease') } as const
    expect(resultOf(raw, REPORT)).toBe(raw.text)
  })

  test('of prose, or of JSON that a form would change, is an edit of the text', () => {
    for (const text of ['Dear tenant,', '{"id": 12345678901234567890}']) {
      const edit = beginEdit(text)
      expect(edit).toEqual({ mode: 'raw', text })
      expect(asForm(edit)).toBe(edit)
    }
  })

  test('that was interrupted goes on as it was', () => {
    const kept = laidOut(REPORT).replace('Rent', 'Lease')
    expect(resumeEdit(kept, REPORT)).toEqual({ mode: 'form', value: JSON.parse(kept) })
    expect(resumeEdit('{"title": ', REPORT)).toEqual({ mode: 'raw', text: '{"title": ' })
    expect(resumeEdit('Dear tenant,', 'Dear customer,')).toEqual({ mode: 'raw', text: 'Dear tenant,' })
  })
})

describe('what is wrong', () => {
  test('stands at its field, in a sentence', () => {
    expect(problemsOf(schema, JSON.parse(REPORT))).toEqual([])
    const wrong = { title: 3, findings: [{ claim: 'A' }], open_questions: [null], extra: 1, summary: 'S' }
    expect(problemsOf(schema, wrong)).toEqual([
      { pointer: '/extra', detail: 'extra is not a field of this result: remove it.' },
      { pointer: '/title', detail: 'title must be text.' },
      { pointer: '/findings/0/citations', detail: 'findings › 1 › citations is missing.' },
      { pointer: '/open_questions/0', detail: 'open questions › 1 must be text.' },
    ])
  })

  test('with a text that is no JSON is that', () => {
    expect(textProblems(schema, '{"title": ')[0]?.detail).toMatch(/^This is not JSON/)
    expect(textProblems(schema, REPORT)).toEqual([])
  })
})

describe('how a value is edited', () => {
  const root = {
    $defs: { finding: { type: 'object', properties: { claim: { type: 'string' } }, required: ['claim'] } },
  }
  const kind = (of: Record<string, unknown>, value: unknown) => shapeOf(of, root, value).kind

  test('is said by its schema', () => {
    expect(kind({ $ref: '#/$defs/finding' }, { claim: 'A' })).toBe('object')
    expect(kind({ type: 'array', items: { type: 'string' } }, ['a'])).toBe('list')
    expect(kind({ enum: ['low', 'high'] }, 'low')).toBe('choice')
    expect(kind({ type: ['string', 'null'] }, 'a')).toBe('text')
    expect(kind({ type: ['string', 'null'] }, null)).toBe('nothing')
    expect(kind({ anyOf: [{ type: 'number' }, { type: 'null' }] }, 3)).toBe('number')
    expect(kind({ type: 'boolean' }, true)).toBe('boolean')
    expect(shapeOf({ anyOf: [{ enum: ['a'] }, { type: 'null' }] }, root, null).isNullable).toBe(true)
  })

  test('is said by the value where the schema does not fit it, and a number half typed stays a number', () => {
    expect(kind({ type: 'string' }, { a: 1 })).toBe('object')
    expect(kind({}, [1])).toBe('list')
    expect(kind({ type: 'number' }, '12.')).toBe('number')
    expect(kind({ $ref: '#' }, 'a')).toBe('text')
  })

  test('a new element has its fields, empty', () => {
    const { items } = (schema.properties as { findings: { items: Record<string, unknown> } }).findings
    expect(emptyValue(items, schema)).toEqual({ claim: '', citations: [] })
    expect(emptyValue({ $ref: '#/$defs/finding' }, root)).toEqual({ claim: '' })
    const endless = { type: 'object', properties: { in: { $ref: '#' } }, required: ['in'] }
    expect(() => emptyValue(endless, endless)).not.toThrow()
  })
})
