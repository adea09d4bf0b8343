import { describe, expect, test } from 'vitest'
import { type Draft, emptyDraft, holdsSomething, readDraft, writeDraft } from './draft'
import { countingKeys, documentOf, readyUpload, refusedUpload, uploadOf } from './fixtures'

const typed: Draft = {
  ...emptyDraft('key-1', 'report'),
  inputs: { report: { question: 'When?', count: { unread: 'tw' } }, digest: { focus: 'Dates' } },
  title: 'Lease',
  dueAt: '2026-11-23T16:00',
  rehearsal: { behaviour: 'slow', seconds: '5' },
  paste: { open: true, name: 'Call', text: 'She said' },
}

describe('a draft kept through a reload', () => {
  test('comes back as it was, with its key, so that a second sending makes no second job', () => {
    const restored = readDraft(writeDraft(typed, [readyUpload('a.txt')]), countingKeys())
    expect(restored?.draft).toEqual(typed)
    expect(restored?.uploads).toEqual([
      { key: '1', name: 'a.txt', size: 10, state: { is: 'ready', document: documentOf('a.txt') } },
    ])
    expect(restored?.notes).toEqual([])
  })

  test('names the files that could not be kept', () => {
    const uploads = [readyUpload('a'), uploadOf('b', { is: 'sending', sent: 3 }), refusedUpload('c')]
    const restored = readDraft(writeDraft(typed, uploads), countingKeys())
    expect(restored?.uploads.map(({ name }) => name)).toEqual(['a'])
    expect(restored?.notes).toEqual(['The page was left before b and c could be added. Add them again.'])
  })

  test.each([
    ['nothing', null],
    ['no JSON', '{"shape":1,'],
    ['another shape', writeDraft(typed, []).replace('"shape":1', '"shape":0')],
    ['a behaviour that is not known', writeDraft(typed, []).replace('"slow"', '"explode"')],
    ['a part that is missing', writeDraft(typed, []).replace('"title":"Lease",', '')],
    ['an input that is none', JSON.stringify({ shape: 1, draft: { ...typed, inputs: { report: 'x' } } })],
  ])('%s gives no draft, and no error', (_what, text) => {
    expect(readDraft(text, countingKeys())).toBeNull()
  })

  test('a document that is damaged is left out', () => {
    const text = JSON.stringify({ shape: 1, draft: typed, documents: [{ id: 7 }, documentOf('a')] })
    expect(readDraft(text, countingKeys())?.uploads.map(({ name }) => name)).toEqual(['a'])
  })
})

test('a chosen workflow alone, and a box that says no, are nothing to keep', () => {
  expect(holdsSomething(emptyDraft('key', 'report'), [])).toBe(false)
  expect(holdsSomething({ ...emptyDraft('key'), inputs: { report: { urgent: false } } }, [])).toBe(false)
  expect(holdsSomething({ ...emptyDraft('key'), inputs: { report: { question: 'x' } } }, [])).toBe(true)
  expect(holdsSomething(emptyDraft('key'), [refusedUpload('a')])).toBe(true)
  expect(holdsSomething({ ...emptyDraft('key'), paste: { open: true, name: '', text: 'x' } }, [])).toBe(true)
})
