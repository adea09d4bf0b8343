import { expect, it } from 'vitest'
import { textWithChoice } from './choice'

it('sets the choice and leaves all else in its order', () => {
  const text = '{"question":"Q","options":[{"id":"a"}],"choice":null,"why":"W"}'
  expect(textWithChoice(text, 'a')).toBe('{"question":"Q","options":[{"id":"a"}],"choice":"a","why":"W"}')
  expect(textWithChoice('{"options":[]}', 'b')).toBe('{"options":[],"choice":"b"}')
})

it('gives nothing for a text that has no options', () => {
  for (const text of ['', 'null', '[]', '{"choice":null}', '{"options":1}', '{"options":[']) {
    expect(textWithChoice(text, 'a')).toBeNull()
  }
})
