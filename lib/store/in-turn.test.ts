import { expect, test } from 'vitest'
import { inTurn } from './in-turn'

test('no more run at once than may, in the order in which they came, and a failure gives its place back', async () => {
  const gate = inTurn(2)
  const begun: number[] = []
  const ends = Array.from({ length: 5 }, () => Promise.withResolvers<number>())
  const all = ends.map(({ promise }, index) =>
    gate(async () => {
      begun.push(index)
      return promise
    }),
  )
  const settled = Promise.allSettled(all)
  expect(begun).toEqual([0, 1])
  ends[1]?.reject(new Error('away'))
  await expect(all[1]).rejects.toThrow('away')
  expect(begun).toEqual([0, 1, 2])
  for (const index of [0, 2, 3, 4]) ends[index]?.resolve(index)
  await settled
  expect(begun).toEqual([0, 1, 2, 3, 4])
  const late = [gate(async () => 'a'), gate(async () => 'b')]
  expect(await Promise.all(late)).toEqual(['a', 'b'])
})
