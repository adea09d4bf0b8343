import { expect, test } from 'vitest'
import { readableBytes } from '@/lib/deliveries/readable'
import { cleanText, composeMessage, type Letter, oneLine } from './message'

const letter: Letter = {
  from: { name: null, address: 'desk@example.com' },
  to: 'dana@example.com',
  subject: 'Your deposit',
  text: 'Dear Dana',
  date: new Date('2026-03-02T10:00:00Z'),
  messageId: '<1@example.com>',
}

const bodyOf = (text: string) =>
  Buffer.from(composeMessage({ ...letter, text }))
    .toString()
    .split('\r\n\r\n')[1]

test.each([
  ['a\r\nb\nc\rd\u2028e\u2029f', 'a b c d e f'],
  [' a\0b\tc  d\x7f\x85 ', 'a b c d'],
  ['\u202etxt.exe\u202c \u2066x\u2069', 'txt.exe x'],
  ['a\ud800b', 'a\ufffdb'],
  ['👩‍👧 Größe 你好', '👩‍👧 Größe 你好'],
])('%j is %j in one line', (text, line) => {
  expect(oneLine(text)).toBe(line)
})

test('a text keeps its lines, and shows what no letter can carry', () => {
  expect(cleanText('a\r\nb\rc\u2028d\te\0f\x1b[31m\ud800')).toBe('a\nb\nc\nd\te\ufffdf\ufffd[31m\ufffd')
})

test('a text that is mostly ASCII can be read in the bytes, and any other is base64', () => {
  expect(bodyOf('Dear Dana,\nGröße = 3 ')).toBe('Dear Dana,\r\nGr=C3=B6=C3=9Fe =3D 3=20\r\n')
  expect(bodyOf('你好')).toBe('5L2g5aW9\r\n')
})

test.each(['x'.repeat(10_000), '你'.repeat(10_000), '.\n'.repeat(300), 'From here\n on ', '\n\n', 'a\n'])(
  'no line of a letter is longer than 76 characters, and it says what it should',
  (text) => {
    expect(
      bodyOf(text)
        ?.split('\r\n')
        .every((line) => line.length <= 76),
    ).toBe(true)
    expect(readableBytes('email', composeMessage({ ...letter, text })).text).toBe(text)
  },
)
