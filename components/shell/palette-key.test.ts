import { expect, test } from 'vitest'
import { opensPalette, type PalettePress } from './palette-key'

const plain: PalettePress = { key: 'k', metaKey: false, ctrlKey: false, altKey: false, shiftKey: false }

test.each([
  ['Ctrl K', { ctrlKey: true }, true, false],
  ['⌘K', { metaKey: true }, true, true],
  ['Ctrl K with caps lock', { ctrlKey: true, key: 'K' }, true, false],
  ['Ctrl Shift K', { ctrlKey: true, shiftKey: true }, false, false],
  ['⌥⌘K', { metaKey: true, altKey: true }, false, false],
  ['K alone', {}, false, false],
  ['Ctrl J', { ctrlKey: true, key: 'j' }, false, false],
])('%s opens it, or is left alone', (_name, change, elsewhere, onApple) => {
  expect(opensPalette({ ...plain, ...change }, false)).toBe(elsewhere)
  expect(opensPalette({ ...plain, ...change }, true)).toBe(onApple)
})
