import { expect, test } from 'vitest'
import type { SideView } from '@/lib/compare/view'
import { differencesOf } from './differences'

const check = { key: 'quotes', label: 'Quotes stand in the documents', outcome: 'pass' as const, detail: 'All do.' }

function side(text: string, over: Partial<SideView> = {}): SideView {
  return {
    id: 'a1',
    attempt: 1,
    revision: 0,
    by: null,
    at: '2026-11-23T10:00:00.000Z',
    hash: 'a'.repeat(64),
    call: {
      providerStatus: 'completed',
      provider: 'openai',
      model: 'gpt-5.5',
      failureClass: null,
      sentence: null,
      sentAt: '2026-11-23T10:00:00.000Z',
      finishedAt: null,
      seenFinalAt: null,
      endedAt: null,
      continues: null,
      usage: null,
      cost: { usd: 0.1, isRehearsed: false, lines: [], why: null },
    },
    result: {
      kind: 'report',
      text,
      characters: text.length,
      isErased: false,
      createdAt: '2026-11-23T10:00:00.000Z',
      claims: [],
      checks: [check],
    },
    input: { hash: 'i', fields: { question: 'Why?' } },
    guidance: null,
    settings: { model: 'gpt-5.5' },
    steps: [],
    stepCount: 0,
    ...over,
  }
}

const step = (position: number, name: string, given: unknown) => ({
  position,
  type: 'function_call',
  data: { type: 'function_call', name, arguments: JSON.stringify(given) },
  cut: false,
})

test('a side differs from itself in nothing', () => {
  const one = side('{"title":"Rent"}', { steps: [step(0, 'look_up', { id: 1 })] })
  const found = differencesOf(one, one, true)
  expect(found).toMatchObject({
    text: { isSame: true },
    fields: { changes: [] },
    isSameGuidance: true,
    isSameCall: true,
  })
  expect(found.steps).toMatchObject([{ isSame: true }])
  expect(found.checks).toMatchObject([{ isSame: true }])
  expect([found.input.changes, found.settings?.changes]).toEqual([[], []])
})

test('JSON is compared as an outline and by its fields; only other white space is told as that', () => {
  const found = differencesOf(side('{"title":"Rent"}'), side('{"title":"Lease"}'), false)
  expect(found.text).toMatchObject({ isOutline: true, before: 'title: Rent', after: 'title: Lease', onlyBytes: false })
  expect(found.fields?.changes).toMatchObject([{ kind: 'changed', path: ['title'] }])
  expect(differencesOf(side('{"title":"Rent"}'), side('{ "title": "Rent" }'), false).text.onlyBytes).toBe(true)
})

test('a result that is no JSON, or was not read whole, has no fields', () => {
  const found = differencesOf(side('Dear tenant,'), side('{"title":"Rent"}'), false)
  expect(found.fields).toBeNull()
  expect(found.text).toMatchObject({ isOutline: false, before: 'Dear tenant,', after: '{"title":"Rent"}' })
  const cut = side('{"title":"Rent"}')
  if (cut.result !== null) cut.result.characters += 1
  expect(differencesOf(cut, side('{"title":"Rent"}'), false).fields).toBeNull()
})

test('a result that is nested to break whatever walks it is compared as text', () => {
  const deep = (bottom: number) => `${'['.repeat(50_000)}${bottom}${']'.repeat(50_000)}`
  const found = differencesOf(side(deep(1)), side(deep(2)), false)
  expect(found.fields).toBeNull()
  expect(found.text).toMatchObject({ isOutline: false, before: deep(1) })
})

test('a call with other arguments is the same call changed; another tool is another call', () => {
  const left = side('', { steps: [step(0, 'look_up', { id: 1, of: 'rent' }), step(1, 'pay', { amount: 3 })] })
  const right = side('', { steps: [step(0, 'look_up', { id: 2, of: 'rent' })] })
  const told = differencesOf(left, right, true).steps.map(({ before, after, isSame }) => [
    before?.name,
    after?.name,
    isSame,
  ])
  expect(told).toEqual([
    ['look_up', 'look_up', false],
    ['pay', undefined, false],
  ])
})

test('a check that came out differently, or was only made once, is told', () => {
  const right = side('')
  if (right.result !== null)
    right.result.checks = [
      { ...check, outcome: 'fail' },
      { ...check, key: 'own:amount' },
    ]
  const found = differencesOf(side(''), right, true).checks
  expect(found).toMatchObject([
    { before: { outcome: 'pass' }, after: { outcome: 'fail' }, isSame: false },
    { before: null, after: { key: 'own:amount' }, isSame: false },
  ])
})

test('times alone make no other call', () => {
  const later = side('')
  later.call.sentAt = '2026-11-24T10:00:00.000Z'
  expect(differencesOf(side(''), later, true).isSameCall).toBe(true)
  later.call.model = 'gpt-5.6'
  expect(differencesOf(side(''), later, true).isSameCall).toBe(false)
})
