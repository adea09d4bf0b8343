import { v7 as uuidv7 } from 'uuid'
import { expect, test } from 'vitest'
import { readNotices } from '@/lib/notices/list.server'
import { alertWorld, MINUTE_MS, ruleOf } from '@/lib/testing/alerts'
import { reportJob, seen, testEngine } from '@/lib/testing/engine'
import { person, serviceKey } from '@/lib/testing/people'
import { ALLOW_NOTHING } from '@/lib/tools/addresses'
import type { Posting } from '@/lib/tools/post.server'
import { acknowledge } from './acknowledge.server'
import { evaluateAlerts } from './evaluate.server'
import { CLEAR_FOR_MS } from './judge'
import { readAlertNews, readAlerts } from './list.server'
import { sendAlertMessages } from './messages.server'
import { addRule, changeRule, listRules, retireRule } from './rules.server'
import type { RuleInput } from './view'

test('of a job that waits too long leads are told once, and once more when it is over', async () => {
  await using w = await alertWorld()
  await w.worker('host-a')
  await addRule(w.db, w.lead, ruleOf('oldest_waiting', { threshold: 30 }), w.at(0))
  const job = await reportJob(w.db, w.owner)
  expect(await w.look(29)).toEqual({ opened: 0, closed: 0 })
  expect(await w.look(31)).toEqual({ opened: 1, closed: 0 })
  expect(await w.look(60)).toEqual({ opened: 0, closed: 0 })
  const notices = async (who: typeof w.lead) => (await readNotices(w.db, who)).items.map(({ heading }) => heading)
  expect(await notices(w.lead)).toEqual(['Report: a job waits long to be sent'])
  expect(await notices(w.reviewer), 'no lead, and not chosen').toEqual([])
  expect((await readAlertNews(w.db)).items).toMatchObject([{ workflow: { key: 'report' } }])
  expect(await readAlertNews(w.db, 'digest')).toMatchObject({ open: 0, items: [] })

  const engine = await testEngine(w.db)
  await engine.step(job.id)
  expect(await w.look(61)).toEqual({ opened: 0, closed: 0 })
  expect((await readAlerts(w.db, { now: w.at(61) })).open).toMatchObject([{ isClearing: true }])
  expect(await w.look(62)).toEqual({ opened: 0, closed: 1 })
  expect(await w.look(63)).toEqual({ opened: 0, closed: 0 })
  expect(await notices(w.lead)).toEqual([
    'Over: Report: a job waits long to be sent',
    'Report: a job waits long to be sent',
  ])
  const { open, closed } = await readAlerts(w.db, { now: w.at(63) })
  expect([open, closed]).toMatchObject([[], [{ closed: { how: 'over' } }]])
})

test('many processes that look at the same moment open one alert and tell of it once', async () => {
  await using w = await alertWorld()
  await w.worker('host-a', { silentFor: 10, endedHow: 'gone' })
  await w.worker('host-b')
  await addRule(w.db, w.lead, ruleOf('worker_gone', { threshold: 2 }), w.at(0))
  const evaluations = await Promise.all(
    Array.from({ length: 6 }, () => evaluateAlerts(w.db, { by: 'test', now: w.at(0) })),
  )
  expect(evaluations.filter((done) => done?.opened === 1)).toHaveLength(1)
  expect(await w.openKinds()).toEqual(['worker_gone host-a'])
  expect(await w.db.notice.count({ where: { userId: w.lead.userId } })).toBe(1)
  expect(await evaluateAlerts(w.db, { by: 'test', now: w.at(0.2) }), 'not again so soon').toBeNull()
  await expect(
    w.ownerPool.query(`INSERT INTO alert (id, rule_id, rule_version, kind, subject, threshold, value, worst, detail, opened_at, last_seen_at)
      SELECT gen_random_uuid(), rule_id, 1, kind, subject, 1, 1, 1, '{}', now(), now() FROM alert`),
    'the database itself keeps to one for a cause',
  ).rejects.toThrow(/alert_has_one_cause/)
})

test('a worker is gone until one is started on its host, or until somebody says that it will not come back', async () => {
  await using w = await alertWorld()
  await addRule(w.db, w.lead, ruleOf('worker_gone', { threshold: 2 }), w.at(0))
  await w.worker('left', { silentFor: 10, endedHow: 'left' })
  await w.worker('replaced', { silentFor: 10, endedHow: 'gone' })
  await w.worker('replaced', { startedAgo: 5 })
  await w.worker('lost', { silentFor: 10 })
  await w.worker('short', { silentFor: 1 })
  await w.look(0)
  expect(await w.openKinds()).toEqual(['worker_gone lost'])
  await w.db.worker.updateMany({ where: { host: 'lost' }, data: { endedHow: 'written_off', stoppedAt: new Date() } })
  await w.look(1)
  await w.look(1 + CLEAR_FOR_MS / MINUTE_MS)
  expect(await w.openKinds()).toEqual([])
})

test('while no worker is alive that is the one thing that is told', async () => {
  await using w = await alertWorld()
  for (const kind of ['no_worker', 'worker_gone', 'nothing_moves', 'oldest_waiting'] as const) {
    await addRule(w.db, w.lead, ruleOf(kind), w.at(0))
  }
  await reportJob(w.db, w.owner)
  await w.worker('host-a', { silentFor: 10, endedHow: 'gone' })
  await w.look(30)
  expect(await w.openKinds()).toEqual(['no_worker'])
  // A new one says nothing yet of what still stands.
  await w.worker('host-b')
  await w.look(31)
  expect(await w.openKinds()).toEqual(['no_worker'])
  await w.look(32)
  await w.look(33)
  expect(await w.openKinds()).toEqual(['nothing_moves report', 'oldest_waiting report', 'worker_gone host-a'])
})

test('nothing moves where work waits and no job of the workflow has moved, not where its sending stands still', async () => {
  await using w = await alertWorld()
  await w.worker('host-a')
  await addRule(w.db, w.lead, ruleOf('nothing_moves', { threshold: 30 }), w.at(0))
  const job = await reportJob(w.db, w.owner)
  await w.look(29)
  expect(await w.openKinds()).toEqual([])
  const stop = { id: uuidv7(), workflowKey: 'report', reason: 'budget_day', since: w.at(0) }
  await w.db.queueStop.create({ data: stop })
  await w.look(31)
  expect(await w.openKinds()).toEqual([])
  await w.db.queueStop.updateMany({ data: { resumedAt: w.at(31), resumedBy: w.lead.userId } })
  await w.look(32)
  expect(await w.openKinds()).toEqual([])
  await w.look(62)
  expect(await w.openKinds()).toEqual(['nothing_moves report'])
  const [alert] = await w.db.alert.findMany()
  expect(alert).toMatchObject({ workflowKey: 'report', detail: { waiting: 1 } })
  expect(alert?.value).toBeGreaterThan(30)
  const engine = await testEngine(w.db)
  engine.pass(63 * MINUTE_MS)
  await engine.step(job.id)
  await w.look(64)
  expect((await readAlerts(w.db, { now: w.at(64) })).open).toMatchObject([{ isClearing: true }])
})

test('many failures and unclassified codes are found among the calls that ended last, by one alert a code', async () => {
  await using w = await alertWorld()
  await w.worker('host-a')
  await addRule(w.db, w.lead, ruleOf('failure_rate', { threshold: 0.5, minutes: 60, least: 3 }), w.at(0))
  await addRule(w.db, w.lead, ruleOf('unclassified_seen', { minutes: 60 }), w.at(0))
  const engine = await testEngine(w.db)
  engine.provider.onLook = (id) => seen(id, 'failed', { error: { code: 'a_code_of_tomorrow', message: 'Who knows' } })
  const fail = async () => {
    const { id } = await reportJob(w.db, w.owner)
    await engine.stepUntil(id, ({ state }) => state === 'awaiting_review')
  }
  await fail()
  await fail()
  await w.look(1)
  expect(await w.openKinds(), 'two calls are too few for a rate').toEqual(['unclassified_seen a_code_of_tomorrow'])
  await fail()
  await w.look(2)
  expect(await w.openKinds()).toEqual(['failure_rate report', 'unclassified_seen a_code_of_tomorrow'])
  const { open } = await readAlerts(w.db, { now: w.at(2) })
  expect(open.map(({ sentence }) => sentence).join(' ')).toContain('3 of 3 that ended in 1 h')
})

test('a budget is told of at its share, and webhooks only where they used to come', async () => {
  await using w = await alertWorld()
  await w.worker('host-a')
  await addRule(w.db, w.lead, ruleOf('budget_used', { threshold: 0.8 }), w.at(0))
  await addRule(w.db, w.lead, ruleOf('webhooks_silent', { threshold: 30 }), w.at(0))
  const day = w.at(0).toISOString().slice(0, 10)
  await w.db.dayBudget.create({ data: { micros: 10_000_000n, note: 'For a day' } })
  const account = { key: `day:${day}`, spentMicros: 7_000_000n, reservedMicros: 900_000n, updatedAt: w.at(0) }
  await w.db.budgetAccount.create({ data: account })
  await w.look(0)
  expect(await w.openKinds()).toEqual([])
  await w.db.budgetAccount.updateMany({ data: { reservedMicros: 1_000_000n } })
  await w.look(0)
  expect(await w.openKinds()).toEqual([`budget_used day:${day}`])
  const { open } = await readAlerts(w.db, { now: w.at(0) })
  expect(open[0]).toMatchObject({
    heading: 'The budget of the day is used to 80 %',
    sentence: '$8.00 of $10.00 is spent or reserved. At 100 % sending stops.',
  })
})

test('a rule tells those whom it names, and whoever acknowledges first is the one', async () => {
  await using w = await alertWorld()
  await w.worker('host-a', { silentFor: 10 })
  await w.worker('host-b')
  await addRule(w.db, w.lead, ruleOf('worker_gone', { people: [w.reviewer.userId] }), w.at(0))
  await w.look(0)
  expect((await readNotices(w.db, w.reviewer)).items).toMatchObject([{ kind: 'alert', href: '/queues/alerts' }])
  expect((await readNotices(w.db, w.lead)).items).toEqual([])
  const [alert] = await w.db.alert.findMany()
  const id = alert?.id ?? ''
  const other = await person(w.db, ['reviewer'], 'Another')
  const now = w.at(1)
  await expect(acknowledge(w.db, other, id, { note: '', now })).rejects.toThrow(/Leads acknowledge/)
  await expect(acknowledge(w.db, await serviceKey(w.db, ['owner']), id, { note: '', now })).rejects.toThrow()
  const both = await Promise.all([
    acknowledge(w.db, w.reviewer, id, { note: '  On it \u0000 ', now }),
    acknowledge(w.db, w.lead, id, { note: 'Mine', now }),
  ])
  expect(both.map(({ kind }) => kind).toSorted()).toEqual(['done', 'taken'])
  expect(await readAlertNews(w.db)).toMatchObject({ open: 1, unacknowledged: 0 })
})

test('where nobody is left of those whom a rule names leads are told, and it can be changed and switched off', async () => {
  await using w = await alertWorld()
  await w.worker('host-a', { silentFor: 10 })
  await w.worker('host-b')
  const named = ruleOf('worker_gone', { people: [w.reviewer.userId] })
  const id = await addRule(w.db, w.lead, named, w.at(0))
  const read = async () => (await listRules(w.db)).find((rule) => rule.id === id)
  expect(await read()).toMatchObject({ peopleNames: ['Rob'], lostNames: [] })
  await w.db.user.update({ where: { id: w.reviewer.userId }, data: { deactivatedAt: w.at(0) } })
  expect(await read()).toMatchObject({ peopleNames: [], lostNames: ['Rob'] })
  await w.look(0)
  expect((await readNotices(w.db, w.lead)).items).toMatchObject([{ kind: 'alert' }])
  const change = (people: string[]) =>
    changeRule(w.db, w.lead, { id, version: 1 }, { ...named, people, isOn: false }, w.at(1))
  await expect(change(['nobody'])).rejects.toMatchObject({ errors: [{ pointer: '/people' }] })
  await change([w.reviewer.userId])
  expect(await read()).toMatchObject({ isOn: false, people: [], lostNames: [] })
})

test('rules are changed by leads, each change with who and what, and never over somebody else’s', async () => {
  await using w = await alertWorld()
  const id = await addRule(w.db, w.lead, ruleOf('failure_rate', { threshold: 0.5, minutes: 60, least: 10 }), w.at(0))
  const change = (input: Partial<RuleInput>, version: number, who = w.lead) =>
    changeRule(
      w.db,
      who,
      { id, version },
      ruleOf('failure_rate', { threshold: 0.5, minutes: 60, least: 10, ...input }),
      w.at(1),
    )
  await expect(change({ threshold: 0.4 }, 1, w.reviewer)).rejects.toThrow(/Only a lead/)
  await change({ threshold: 0.4, address: ' https://hooks.example.com/x ' }, 1)
  await expect(change({ threshold: 0.3 }, 1)).rejects.toThrow(/meanwhile/)
  const wrong = { threshold: 2, minutes: 0, least: -1, workflowKey: 'none', people: ['nobody'], address: 'file:///etc' }
  await expect(change(wrong, 2)).rejects.toMatchObject({
    errors: ['/threshold', '/minutes', '/least', '/workflowKey', '/people', '/address'].map((pointer) =>
      expect.objectContaining({ pointer }),
    ),
  })
  const rule = (await listRules(w.db)).find((one) => one.id === id)
  expect(rule).toMatchObject({
    threshold: 0.4,
    version: 2,
    changes: [
      { by: 'Lena', changed: ['Threshold from 50 % to 40 %', 'Signed request to https://hooks.example.com/x'] },
      { by: 'Lena', changed: ['Added, from 50 %'] },
    ],
  })
  await expect(w.db.$executeRaw`UPDATE alert_rule_change SET by = 'another'`).rejects.toThrow()
  await expect(w.ownerPool.query('DELETE FROM alert_rule_change')).rejects.toThrow(/history_is_append_only/)
  const builtIn = (await listRules(w.db)).find(({ isBuiltIn }) => isBuiltIn)
  await expect(retireRule(w.db, w.lead, builtIn?.id ?? '', w.at(2))).rejects.toThrow(/switched off/)
  await retireRule(w.db, w.lead, id, w.at(2))
  expect((await listRules(w.db)).some((one) => one.id === id)).toBe(false)
})

test('an alert whose rule is switched off closes, and nobody is told that it is over', async () => {
  await using w = await alertWorld()
  await w.worker('host-a', { silentFor: 10 })
  await w.worker('host-b')
  const id = await addRule(w.db, w.lead, ruleOf('worker_gone'), w.at(0))
  await w.look(0)
  await changeRule(w.db, w.lead, { id, version: 1 }, ruleOf('worker_gone', { isOn: false }), w.at(1))
  await w.look(1)
  expect((await readAlerts(w.db, { now: w.at(1) })).closed).toMatchObject([{ closed: { how: 'rule' } }])
  expect((await readNotices(w.db, w.lead)).items.map(({ heading }) => heading)).toEqual(['A worker on host-a is gone'])
})

test('what a rule that was changed does not look for any more closes, and nobody is told that it is over', async () => {
  await using w = await alertWorld()
  await w.worker('host-a', { silentFor: 10 })
  await w.worker('host-b')
  await reportJob(w.db, w.owner)
  const gone = await addRule(w.db, w.lead, ruleOf('worker_gone', { threshold: 5 }), w.at(0))
  const waits = await addRule(w.db, w.lead, ruleOf('oldest_waiting', { threshold: 5 }), w.at(0))
  await w.look(6)
  expect(await w.openKinds()).toEqual(['oldest_waiting report', 'worker_gone host-a'])
  const version = { version: 1 }
  await changeRule(w.db, w.lead, { id: gone, ...version }, ruleOf('worker_gone', { threshold: 60 }), w.at(6))
  const narrowed = ruleOf('oldest_waiting', { threshold: 5, workflowKey: 'digest' })
  await changeRule(w.db, w.lead, { id: waits, ...version }, narrowed, w.at(6))
  expect(await w.look(7)).toEqual({ opened: 0, closed: 2 })
  await w.look(9)
  const { closed } = await readAlerts(w.db, { now: w.at(9) })
  expect(closed.map(({ closed }) => closed?.how)).toEqual(['rule', 'rule'])
  expect((await readNotices(w.db, w.lead)).items.filter(({ heading }) => heading.startsWith('Over'))).toEqual([])
})

test('a signed request goes out until it arrives, under one id with the same bytes, and its end after its beginning', async () => {
  await using w = await alertWorld()
  await w.worker('host-a', { silentFor: 10 })
  await w.worker('host-b')
  await addRule(w.db, w.lead, ruleOf('worker_gone', { address: 'https://hooks.example.com/x' }), w.at(0))
  await w.look(0)
  const posted: { id: string; body: string; minute: number }[] = []
  let status = 500
  const send = (minute: number, post = answer(minute)) =>
    sendAlertMessages({ db: w.db, allowed: ALLOW_NOTHING, now: () => w.at(minute), random: () => 0.5, post })
  const answer = (minute: number) => async (posting: Posting) => {
    expect(posting.headers['webhook-signature']).toMatch(/^v1,/)
    posted.push({ id: posting.headers['webhook-id'] ?? '', body: new TextDecoder().decode(posting.body), minute })
    return { kind: 'answered' as const, status, body: new Uint8Array(), cut: false, retryAfterMs: null }
  }
  expect((await Promise.all([send(0), send(0), send(0)])).reduce((sum, sent) => sum + sent)).toBe(0)
  expect(posted, 'three senders, one try').toHaveLength(1)
  await w.db.worker.updateMany({ where: { host: 'host-a' }, data: { endedHow: 'written_off', stoppedAt: new Date() } })
  await w.look(1)
  await w.look(2)
  expect((await readAlerts(w.db, { now: w.at(2) })).closed[0]?.message).toMatchObject({
    opened: { state: 'due', tries: 1, code: 'http_500' },
    over: { state: 'due', tries: 0 },
  })
  status = 204
  expect(await send(2)).toBe(2)
  const types = posted.map(({ body }) => (JSON.parse(body) as { type: string }).type)
  expect(types).toEqual(['alert.opened', 'alert.opened', 'alert.over'])
  expect(posted[1]).toMatchObject({ id: posted[0]?.id, body: posted[0]?.body })
  expect(posted[2]?.id).not.toBe(posted[0]?.id)
  expect(await send(60)).toBe(0)
  expect(JSON.parse(posted[2]?.body ?? '')).toMatchObject({
    data: { kind: 'worker_gone', subject: 'host-a', heading: 'Over: A worker on host-a is gone' },
  })
})
