import { expect, test } from 'vitest'
import { putBack } from './put-back'

const list = (ids: string) => [...ids].map((id) => ({ id }))
const ids = (items: readonly { id: string }[]) => items.map(({ id }) => id).join('')

test.each([
  ['nothing else was changed', 'acd', 'abcd'],
  ['another came first', 'xacd', 'xabcd'],
  ['the next one is gone too', 'ad', 'abd'],
  ['the next one was moved to the front', 'cad', 'bcad'],
  ['all that followed is gone', 'ax', 'axb'],
  ['nothing is left', '', 'b'],
])('what was removed stands where it stood, where %s', (_what, now, after) => {
  expect(ids(putBack(list(now), list('abcd'), 1, { id: 'b' }))).toBe(after)
})
