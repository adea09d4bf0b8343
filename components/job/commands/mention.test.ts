import { describe, expect, test } from 'vitest'
import { fittingPeople, stillMentioned, typedMention, withMention } from './mention'

const dana = { id: '1', name: 'Dana Whitfield' }
const andre = { id: '2', name: 'André Dalton' }
const sam = { id: '3', name: 'Sam Okoro' }

describe('the mention that is being typed', () => {
  test.each([
    ['@', 1, { at: 0, query: '' }],
    ['Ask @da', 7, { at: 4, query: 'da' }],
    ['Ask @Dana Whit', 14, { at: 4, query: 'Dana Whit' }],
    ['Ask (@da', 8, { at: 5, query: 'da' }],
    ['Ask @da, please', 7, { at: 4, query: 'da' }],
  ])('of %j at %i is found', (text, cursor, found) => {
    expect(typedMention(text, cursor)).toEqual(found)
  })

  test.each([
    ['dana@example.org', 16],
    ['Ask @da\nagain', 13],
    ['Ask @ da', 8],
    ['Nobody', 6],
  ])('of %j at %i is none', (text, cursor) => {
    expect(typedMention(text, cursor)).toBeNull()
  })
})

test('people are found by any word of their name, without accents', () => {
  expect(fittingPeople([sam, andre, dana], 'da')).toEqual([dana, andre])
  expect(fittingPeople([sam, andre, dana], 'ANDRE')).toEqual([andre])
  expect(fittingPeople([sam], 'kor')).toEqual([])
})

test('choosing puts the whole name there, with the cursor behind it', () => {
  expect(withMention('Ask @da', { at: 4, query: 'da' }, dana)).toEqual({ text: 'Ask @Dana Whitfield ', cursor: 20 })
  const between = withMention('Ask @da please', { at: 4, query: 'da' }, dana)
  expect(between).toEqual({ text: 'Ask @Dana Whitfield please', cursor: 20 })
})

test('whoever is taken out of the text is mentioned no more, and nobody twice', () => {
  expect(stillMentioned('Ask @Dana Whitfield', [dana, sam, dana])).toEqual([dana])
})
