import { expect, test } from 'vitest'
import { problemOf } from './expected.server'

test('a database that went away says nothing of what was done: it may have committed before', async () => {
  const problem = await problemOf(Object.assign(new Error('Connection terminated'), { code: 'P1017' }))
  expect(problem).toMatchObject({ status: 503, type: 'urn:holdpoint:problem:database-away' })
  expect(problem?.detail).toContain('nobody knows whether it was')
})
