import { expect, it } from 'vitest'
import { jobNumberIn } from './job-number'

it.each([
  ['1042', 1042],
  ['#1042', 1042],
  [' # 7 ', 7],
  ['1,042', 1042],
  ['', null],
  ['10,42', null],
  ['1042 lease', null],
  ['-3', null],
])('reads "%s" as %s', (words, number) => {
  expect(jobNumberIn(words)).toBe(number)
})
