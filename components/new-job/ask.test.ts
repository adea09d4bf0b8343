import { describe, expect, test } from 'vitest'
import { createJobSchema, type Problem } from '@/lib/jobs/view'
import { inputTooLong } from '@/lib/workflows/request'
import { askOf, changedFields, checkAsk, type Filled, placedErrors, totalOf, withoutErrorsAt } from './ask'
import { type Draft, emptyDraft } from './draft'
import { readyUpload, refusedUpload, uploadOf, workflow } from './fixtures'
import type { ReadyUpload, Upload } from './uploads'

const NOW = Date.parse('2026-11-23T12:00:00Z')

function filled(part: Partial<Draft> = {}, uploads: readonly Upload[] = [readyUpload('a.txt')]): Filled {
  const draft = { ...emptyDraft('key', 'report'), inputs: { report: { question: 'When?' } }, ...part }
  return { draft, uploads, workflow, isSandbox: true }
}
const pointersOf = (form: Filled) => checkAsk(form, NOW).map(({ pointer }) => pointer)

describe('what is asked of the server', () => {
  test('is what was typed, without what was left empty', () => {
    expect(askOf(filled({ title: '  ', reference: ' 17 ' }))).toEqual({
      workflow: 'report',
      input: { question: 'When?' },
      documentIds: ['id of a.txt'],
      reference: '17',
    })
  })

  test('carries only documents that are ready, in their order', () => {
    const uploads = [readyUpload('b'), refusedUpload('x'), readyUpload('a')]
    expect(askOf(filled({}, uploads)).documentIds).toEqual(['id of b', 'id of a'])
  })

  test('rehearses only in the sandbox', () => {
    const rehearsing = filled({ rehearsal: { behaviour: 'slow', seconds: '5' } })
    expect(askOf(rehearsing).rehearsal).toEqual({ behaviour: 'slow', seconds: 5 })
    expect(askOf({ ...rehearsing, isSandbox: false }).rehearsal).toBeUndefined()
    const everyTime = filled({ rehearsal: { behaviour: 'error_500', seconds: '', attempts: 'every' } })
    expect(askOf(everyTime).rehearsal).toEqual({ behaviour: 'error_500', attempts: 'every' })
    expect(askOf(filled({ rehearsal: { behaviour: 'none', seconds: '9' } })).rehearsal).toEqual({
      behaviour: 'none',
      seconds: 9,
    })
  })

  test('is the same text for the same form, and of the shape that the server reads', () => {
    const form = filled({ dueAt: '2026-11-24T09:30', title: 'Lease' }, [])
    expect(JSON.stringify(askOf(form))).toBe(JSON.stringify(askOf(structuredClone(form))))
    expect(createJobSchema.parse(askOf(form))).toEqual(askOf(form))
  })
})

describe('what stands in the way', () => {
  test('nothing, where all is there', () => expect(checkAsk(filled(), NOW)).toEqual([]))

  test('a workflow that is not chosen, before anything else', () => {
    expect(pointersOf({ ...filled(), workflow: null })).toEqual(['/workflow'])
  })

  test('a field that is empty, a due time that has passed, a title that is too long, seconds that are none', () => {
    const form = filled({
      inputs: {},
      dueAt: '2020-01-01T00:00',
      title: 'x'.repeat(301),
      reference: 'x'.repeat(201),
      rehearsal: { behaviour: 'none', seconds: 'soon' },
    })
    expect(pointersOf(form)).toEqual(['/input/question', '/title', '/reference', '/dueAt', '/rehearsal/seconds'])
    expect(pointersOf({ ...form, isSandbox: false })).not.toContain('/rehearsal/seconds')
  })

  test('too few and too many documents', () => {
    expect(checkAsk(filled({}, []), NOW)).toEqual([{ pointer: '/documents', detail: 'Add a document.' }])
    const four = ['a', 'b', 'c', 'd'].map((name) => readyUpload(name))
    expect(checkAsk(filled({}, four), NOW)[0]?.detail).toBe('Report takes at most 3 documents; there are 4.')
  })

  test('an upload that is under way, by name, and a refused one at its own place', () => {
    const uploads = [
      uploadOf('slow.pdf', { is: 'sending', sent: 1 }),
      refusedUpload('scan.pdf'),
      refusedUpload('cut', true),
    ]
    expect(checkAsk(filled({}, uploads), NOW)).toEqual([
      { pointer: '/documents/key of scan.pdf', detail: 'scan.pdf cannot be used. Remove it from the list.' },
      { pointer: '/documents/key of cut', detail: 'cut was not added. Try again, or remove it from the list.' },
      { pointer: '/documents', detail: 'Wait until slow.pdf is uploaded, or cancel.' },
    ])
  })

  test('where every file was refused, they are pointed at, not a missing document', () => {
    expect(pointersOf(filled({}, [refusedUpload('scan.pdf')]))).toEqual(['/documents/key of scan.pdf'])
  })

  test('pasted text that was not added', () => {
    expect(pointersOf(filled({ paste: { open: true, name: '', text: 'x' } }))).toEqual(['/paste'])
    expect(pointersOf(filled({ paste: { open: true, name: '', text: ' ' } }))).toEqual([])
  })

  test('more text than the workflow takes, in the words of the server', () => {
    const form = filled({}, [readyUpload('small', 10), readyUpload('huge.txt', 990)])
    const documents = [
      { name: 'small', characters: 10 },
      { name: 'huge.txt', characters: 990 },
    ]
    const [error] = checkAsk(form, NOW)
    expect(error).toEqual({ pointer: '/documents', detail: inputTooLong(workflow, { question: 'When?' }, documents) })
    expect(error?.detail).toContain('huge.txt (990)')
  })
})

test('the total counts the documents and what was typed, to the last character that is let through', () => {
  const own = JSON.stringify({ question: 'When?' }).length
  const full = filled({}, [readyUpload('a', 1_000 - own)])
  expect(totalOf(full, workflow)).toEqual({ characters: 1_000, limit: 1_000, part: 1 })
  expect(checkAsk(full, NOW)).toEqual([])
  expect(pointersOf(filled({}, [readyUpload('a', 1_001 - own)]))).toEqual(['/documents'])
})

describe('the errors of the server', () => {
  const problem: Problem = {
    type: 'urn:holdpoint:problem:invalid',
    title: 'No',
    status: 422,
    detail: 'All of it.',
    errors: [
      { pointer: '/input/question', detail: 'Question is missing.' },
      { pointer: '/documentIds/1', detail: 'Not among your uploads.' },
      { pointer: '/documentIds/9', detail: 'Nor this.' },
      { pointer: '/dueAt', detail: 'Passed.' },
    ],
  }

  test('find the places of the form, a document by its key', () => {
    const sent = [readyUpload('a'), readyUpload('b')] as ReadyUpload[]
    expect(placedErrors(problem, sent).map(({ pointer }) => pointer)).toEqual([
      '/input/question',
      '/documents/key of b',
      '/documents',
      '/dueAt',
    ])
    expect(placedErrors({ ...problem, errors: undefined }, sent)).toEqual([])
  })

  test('go where their place was changed, and only there', () => {
    const errors = problem.errors ?? []
    expect(withoutErrorsAt(errors, ['/documentIds', '/due']).map(({ pointer }) => pointer)).toEqual([
      '/input/question',
      '/dueAt',
    ])
    expect(changedFields({ a: 1, b: 2, 'c/d': 3 }, { a: 1, b: 3 })).toEqual(['/input/b', '/input/c~1d'])
  })
})
