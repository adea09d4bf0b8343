import { expect, test } from 'vitest'
import { defaultSides, parseSideId, sideId, sideName } from './side-id'

test('a side is named by its attempt and its revision', () => {
  for (const name of ['a1', 'a12r3']) expect(sideId(parseSideId(name) ?? { attempt: 0, revision: 0 })).toBe(name)
  expect(parseSideId('a2r0')).toEqual({ attempt: 2, revision: 0 })
  expect(sideName({ attempt: 2, revision: 0 })).toBe('Attempt 2')
  expect(sideName({ attempt: 2, revision: 1 })).toBe('Revision 1 of attempt 2')
})

test('what names no side is none', () => {
  for (const text of ['', 'a', 'a0', 'a01', '2', 'a2r', 'a2r1x', 'A2', 'a99999999999']) {
    expect(parseSideId(text), text).toBeNull()
  }
})

test('the newest is compared with the one before it, among results where there are two', () => {
  const side = (id: string, hash: string | null) => ({ id, hash })
  const [one, lost, two, running] = [side('a1', 'x'), side('a2', null), side('a3', 'y'), side('a4', null)] as const
  expect(defaultSides([one, lost, two, running])).toEqual({ left: one, right: two })
  expect(defaultSides([one, running])).toEqual({ left: one, right: running })
  expect(defaultSides([one])).toEqual({ left: null, right: one })
  expect(defaultSides([])).toEqual({ left: null, right: null })
})
