import { expect, test } from 'vitest'
import { foldFailures } from '@/lib/failures/fold.server'
import { sayOfGroup } from '@/lib/failures/store.server'
import { readNotices } from '@/lib/notices/list.server'
import { builtinRules } from '@/lib/rules/builtin'
import { currentRules, publishRules } from '@/lib/rules/store.server'
import { alertWorld, MINUTE_MS, ruleOf } from '@/lib/testing/alerts'
import { errorOf, reportJob, seen, testEngine } from '@/lib/testing/engine'
import { readAlerts } from './list.server'
import { addRule, changeRule } from './rules.server'

const CODE = 'a_code_of_tomorrow'
const DAY = 24 * 60

/** A store with one rule for unclassified failures, and calls that fail with a code that no failure rule names. */
async function world(threshold = 1) {
  const w = await alertWorld()
  const rule = ruleOf('unclassified_seen', { threshold, minutes: 60 })
  const ruleId = await addRule(w.db, w.lead, rule, w.at(0))
  const engine = await testEngine(w.db)
  engine.provider.onLook = (id) => seen(id, 'failed', { error: { code: CODE, message: 'Who knows' } })
  const isOpen = async () => (await w.openKinds()).length > 0
  return {
    ...w,
    rule,
    ruleId,
    engine,
    isOpen,
    fail: async () => {
      const { id } = await reportJob(w.db, w.owner)
      await engine.stepUntil(id, ({ state }) => state === 'awaiting_review')
    },
    /** Looks long enough for what is clear to close. */
    isOpenAfter: async (minutes: number) => {
      await w.look(minutes)
      await w.look(minutes + 2)
      return isOpen()
    },
    [Symbol.asyncDispose]: () => w[Symbol.asyncDispose](),
  }
}

test('an unclassified failure is not over because none came for long, but once a failure rule names its code', async () => {
  await using w = await world(2)
  await w.fail()
  w.engine.pass(50 * MINUTE_MS)
  await w.fail()
  const last = await w.db.attempt.findFirstOrThrow({ orderBy: { endedAt: 'desc' } })
  await foldFailures(w.db, w.at(52))
  expect(await w.isOpenAfter(52)).toBe(true)
  // Of late one alone was seen, then none.
  for (const minutes of [80, 200, 30 * DAY]) expect(await w.isOpenAfter(minutes)).toBe(true)
  const { open } = await readAlerts(w.db, { now: w.at(30 * DAY) })
  expect(open).toMatchObject([
    { lastSeenAt: last.endedAt?.toISOString(), isClearing: false, heading: `Unclassified: ${CODE}` },
  ])
  const named = {
    id: 'tomorrow',
    signal: { kind: 'code', value: CODE },
    where: null,
    class: 'unclassified',
    retry: null,
    stopsQueue: false,
    countsTries: true,
    tell: 'nobody',
    sentence: 'It is known, and looked into.',
  }
  const { version: basedOn } = await currentRules(w.db)
  await publishRules(w.db, w.lead, { rules: [named, ...builtinRules], note: 'Named.', basedOn })
  expect(await w.isOpenAfter(30 * DAY + 3)).toBe(false)
  const headings = (await readNotices(w.db, w.lead)).items.map(({ heading }) => heading)
  expect(headings).toContain(`Over: Unclassified: ${CODE}`)
})

test('an unclassified failure is over once each of its groups is resolved or ignored, and is found when it is seen again', async () => {
  await using w = await world()
  await w.fail()
  await foldFailures(w.db, w.at(2))
  const group = await w.db.failureGroup.findFirstOrThrow()
  await w.db.failureGroup.create({ data: { ...group, id: 'other', workflowKey: 'digest' } })
  const say = (id: string, state: 'resolved' | 'ignored', minutes: number) =>
    sayOfGroup(w.db, w.lead, id, { state, note: 'Looked into.', now: w.at(minutes) })
  expect(await w.isOpenAfter(2)).toBe(true)
  await say('other', 'ignored', 4)
  expect(await w.isOpenAfter(100)).toBe(true)
  await say(group.id, 'resolved', 103)
  expect(await w.isOpenAfter(104)).toBe(false)

  w.engine.pass(110 * MINUTE_MS)
  await w.fail()
  await w.look(115)
  expect(await w.isOpen(), 'before it was folded, too').toBe(true)
  await foldFailures(w.db, w.at(116))
  await say(group.id, 'ignored', 116)
  expect(await w.isOpenAfter(117), 'at once, though it is in the time that is looked over').toBe(false)
})

test('an unclassified failure is not found where a failure rule names why Holdpoint itself stopped', async () => {
  await using w = await world()
  w.engine.provider.onLook = () => ({
    httpStatus: 404,
    requestId: null,
    milliseconds: 1,
    kind: 'gone',
    error: errorOf(),
  })
  await w.fail()
  expect(await w.db.attempt.findFirstOrThrow()).toMatchObject({ failureClass: 'unclassified', failureCode: 'gone' })
  await w.look(2)
  expect(await w.isOpen()).toBe(false)
})

test('what a threshold that was raised does not look for any more closes without a word, of a count too', async () => {
  await using w = await world()
  await w.fail()
  await w.look(2)
  await changeRule(w.db, w.lead, { id: w.ruleId, version: 1 }, { ...w.rule, threshold: 5 }, w.at(3))
  await w.look(200)
  expect((await readAlerts(w.db, { now: w.at(200) })).closed).toMatchObject([{ closed: { how: 'rule' } }])
})
