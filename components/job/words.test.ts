import { expect, it } from 'vitest'
import { durationOf } from './duration'
import { anAttempt } from './fixtures'
import { fieldsOf } from './input-fields'
import { sizeOf } from './size-words'
import { sliceText } from './slice-text'

it('never tears a character', () => {
  expect(sliceText('a😀b', 2)).toBe('a')
  expect(sliceText('a😀b', 3)).toBe('a😀')
  expect(sliceText('ab', 9)).toBe('ab')
})

it('says how long an attempt took, and by whose clock', () => {
  const sentAt = '2026-11-23T10:00:00.000Z'
  const finishedAt = '2026-11-23T10:00:03.500Z'
  const seenFinalAt = '2026-11-23T10:00:03.900Z'
  expect(durationOf(anAttempt({ sentAt, finishedAt, seenFinalAt }))).toBe('3.9 s, from sending to seeing')
  expect(durationOf(anAttempt({ sentAt }))).toBe('not known yet')
  expect(durationOf(anAttempt({ sentAt, endedAt: seenFinalAt }))).toBe('not known')
})

it('tells sizes', () => {
  expect([sizeOf(1), sizeOf(812), sizeOf(4_200), sizeOf(10_000_000)]).toEqual([
    '1 byte',
    '812 bytes',
    '4.2 KB',
    '10 MB',
  ])
})

it('shows the fields in the order of the form, with their titles, and then what else is there', () => {
  const schema = { properties: { question: { title: 'Question' }, audience: { title: 'Audience' } } }
  const fields = fieldsOf(schema, { extra: [1], question: 'When?' })
  expect(fields.map(({ title, text }) => [title, text])).toEqual([
    ['Question', 'When?'],
    ['Audience', ''],
    ['extra', '[\n  1\n]'],
  ])
})
