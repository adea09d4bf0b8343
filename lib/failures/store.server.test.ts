import { expect, test } from 'vitest'
import { testDatabase } from '@/lib/testing/database'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { listGroups } from './store.server'
import type { GroupState } from './view'

test('the groups of one workflow are counted as they are listed', async () => {
  await using database = await testDatabase()
  const { db } = database
  await publishBuiltins(db)
  const now = new Date()
  const add = (workflowKey: string, code: string, state: GroupState) =>
    db.failureGroup.create({
      data: {
        id: `${workflowKey} ${code}`,
        workflowKey,
        failureClass: 'timeout',
        code,
        signal: '',
        firstSeenAt: now,
        lastSeenAt: now,
        state,
      },
    })
  await add('report', 'one', 'open')
  await add('report', 'two', 'resolved')
  for (const code of ['one', 'two', 'three']) await add('digest', code, 'open')
  await add('digest', 'four', 'ignored')
  const list = (workflow: string | null) => listGroups(db, { state: 'open', workflow, after: null, most: 10 }, now)
  expect(await list('report')).toMatchObject({
    groups: [{ workflow: { key: 'report' } }],
    counts: { open: 1, resolved: 1, ignored: 0 },
  })
  expect((await list(null)).counts).toEqual({ open: 4, resolved: 1, ignored: 1 })
})
