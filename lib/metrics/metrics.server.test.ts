import fs from 'node:fs'
import { v7 as uuidv7 } from 'uuid'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { evaluateAlerts } from '@/lib/alerts/evaluate.server'
import { pauseQueue } from '@/lib/queues/control.server'
import { foldFigures, sweepFlags } from '@/lib/queues/fold.server'
import { readStandings } from '@/lib/queues/standing.server'
import { testDatabase } from '@/lib/testing/database'
import { completed, REPORT, reportJob, saw, seen, testEngine } from '@/lib/testing/engine'
import { type Family, parseExposition } from '@/lib/testing/exposition'
import { person } from '@/lib/testing/people'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { carriesToken } from './access'
import { catalogue } from './catalogue'
import { METRICS_BEGIN, METRICS_END, metricsTable } from './documents'
import { readAll } from './read.server'
import { registryOf, renderMetrics } from './render.server'

/** A store in which every metric has something to say. */
async function world() {
  const database = await testDatabase()
  const { db } = database
  await publishBuiltins(db)
  const owner = await person(db, ['owner'])
  const engine = await testEngine(db)
  engine.provider.onLook = (id) => saw(completed(id, REPORT))
  const held = await reportJob(db, owner)
  await engine.stepUntil(held.id, ({ state }) => state === 'awaiting_review')
  engine.provider.onLook = (id) => seen(id, 'failed', { error: { code: 'a_code_of_tomorrow', message: 'Who knows' } })
  const unclassified = await reportJob(db, owner)
  await engine.stepUntil(unclassified.id, ({ state }) => state === 'awaiting_review')
  const running = await reportJob(db, owner)
  await engine.step(running.id)
  await reportJob(db, owner)
  await db.dayBudget.create({ data: { micros: 10_000_000n, note: 'For a day' } })
  await db.webhookReceipt.create({
    data: {
      id: uuidv7(),
      webhookId: 'wh_1',
      receivedAt: new Date(),
      signedAt: new Date(),
      lastReceivedAt: new Date(),
      type: 'response.completed',
      responseId: 'resp_1',
      bodySha256: '0'.repeat(64),
      secretIndex: 0,
      state: 'not_ours',
    },
  })
  await db.webhookRefusal.create({
    data: { minute: new Date(), reason: 'bad_signature', count: 3, lastAt: new Date() },
  })
  await evaluateAlerts(db, { by: 'test', everyMs: 0 })
  await foldFigures(db, { force: true })
  return { ...database, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() }
}

const ours = (families: Family[]) => families.filter(({ name }) => name.startsWith('holdpoint_'))

test('what is exported is what the catalogue has, and a strict reader of the format finds what the store holds', async () => {
  await using w = await world()
  const { contentType, text } = await renderMetrics(w.db)
  expect(contentType).toMatch(/^text\/plain; version=0\.0\.4/)
  const families = parseExposition(text)
  expect(ours(families).map(({ name, type, help }) => ({ name, type, help }))).toEqual(
    catalogue.map(({ name, type, help }) => ({ name, type, help })),
  )
  for (const { name, samples } of ours(families)) {
    const labels = catalogue.find((metric) => metric.name === name)?.labels ?? []
    expect(samples.length, `${name} has something to say`).toBeGreaterThan(0)
    for (const sample of samples) {
      const given = Object.keys(sample.labels).filter((label) => label !== 'le')
      expect(given.toSorted(), name).toEqual([...labels].toSorted())
    }
  }
  expect(families.some(({ name }) => name === 'process_cpu_seconds_total')).toBe(true)
  const value = (name: string, labels: Record<string, string>) =>
    families.find((family) => family.name === name)?.samples.find((sample) => equal(sample.labels, labels))?.value
  expect(value('holdpoint_jobs', { workflow: 'report', state: 'queued' })).toBe(1)
  expect(value('holdpoint_jobs', { workflow: 'report', state: 'running' })).toBe(1)
  expect(value('holdpoint_jobs', { workflow: 'report', state: 'awaiting_review' })).toBe(2)
  expect(value('holdpoint_jobs', { workflow: 'digest', state: 'queued' })).toBe(0)
  expect(value('holdpoint_jobs_unclassified', { workflow: 'report' })).toBe(1)
  expect(value('holdpoint_job_moves_total', { workflow: 'report', move: 'arrived' })).toBe(4)
  expect(value('holdpoint_job_moves_total', { workflow: 'report', move: 'completed' })).toBe(0)
  const [spent] = await w.db.$queryRaw<{ tokens: number }[]>`
    SELECT sum((usage ->> 'inputTokens')::int)::int AS tokens FROM attempt`
  expect(value('holdpoint_tokens_total', { workflow: 'report', direction: 'in' })).toBe(spent?.tokens)
  expect(spent?.tokens).toBeGreaterThan(0)
  expect(value('holdpoint_calls_ended_recently', { workflow: 'report', outcome: 'unclassified' })).toBe(1)
  expect(value('holdpoint_review_rounds', { workflow: 'report', kind: 'result' })).toBe(1)
  expect(value('holdpoint_workers', { version: 'test' })).toBe(1)
  expect(value('holdpoint_webhooks_refused_recently', { reason: 'bad_signature' })).toBe(3)
  expect(value('holdpoint_alerts_open', { kind: 'unclassified_seen', acknowledged: 'false' })).toBe(1)
  // The other way round: what the library itself holds is what the reader found.
  const json = await registryOf(await readAll(w.db)).getMetricsAsJSON()
  for (const { name, values } of json) {
    expect(values.length, name).toBe(families.find((family) => family.name === name)?.samples.length)
  }
})

const equal = (a: Record<string, string>, b: Record<string, string>) =>
  Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([key, of]) => b[key] === of)

test('of an empty store nothing is said that is not known', async () => {
  await using database = await testDatabase()
  const families = parseExposition((await renderMetrics(database.db)).text)
  const samplesOf = (name: string) => families.find((family) => family.name === name)?.samples
  expect(ours(families)).toHaveLength(catalogue.length)
  expect(samplesOf('holdpoint_webhook_last_received_timestamp_seconds')).toEqual([])
  expect(samplesOf('holdpoint_alert_check_timestamp_seconds')).toEqual([])
  expect(samplesOf('holdpoint_workers')).toMatchObject([{ value: 0 }])
})

test('the names are as Prometheus asks for them', () => {
  for (const { name, type, help, labels } of catalogue as readonly (typeof catalogue)[number][]) {
    expect(name).toMatch(/^holdpoint_[a-z_]+$/)
    expect(name.endsWith('_total'), name).toBe((type as string) === 'counter')
    expect(name, 'base units').not.toMatch(/_(ms|milliseconds|minutes|hours|percent)(_|$)/)
    expect(help).toMatch(/^[A-Z].*\.$/)
    expect(labels).not.toContain('job')
  }
})

test('the document lists every metric as it is exported, and no other', () => {
  const text = fs.readFileSync('docs/metrics.md', 'utf8')
  const table = text.slice(text.indexOf(METRICS_BEGIN) + METRICS_BEGIN.length, text.indexOf(METRICS_END)).trim()
  expect(table, 'npm run docs writes it anew').toBe(metricsTable())
  const named = [...text.replace(table, '').matchAll(/holdpoint_[a-z]+[a-z_]*/g)].map(([name]) => name)
  expect(named.filter((name) => !catalogue.some((metric) => metric.name === name))).toEqual([])
})

type RuleFile = {
  groups: { name: string; rules: { alert: string; expr: string; annotations: { summary: string } }[] }[]
}

test('the alert rules name metrics, labels and values of labels that are exported', async () => {
  await using w = await world()
  const families = parseExposition((await renderMetrics(w.db)).text)
  const { groups } = parse(fs.readFileSync('docs/alerts/holdpoint.rules.yml', 'utf8')) as RuleFile
  const rules = groups.flatMap((group) => group.rules)
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length)
  const asked = new Set<string>()
  for (const { alert, expr } of rules) {
    const names = [...expr.matchAll(/\b(?:holdpoint|process|nodejs)_[a-z_]+/g)].map(([name]) => name)
    expect(names.length + Number(alert === 'HoldpointAway'), `${alert} asks for something`).toBeGreaterThan(0)
    for (const name of names) {
      asked.add(name)
      expect(
        families.some((family) => family.name === name),
        `${alert} asks for ${name}`,
      ).toBe(true)
    }
    for (const [, name = '', selector = ''] of expr.matchAll(/\b(holdpoint_[a-z_]+)\{([^}]*)\}/g)) {
      const known: readonly string[] = catalogue.find((metric) => metric.name === name)?.labels ?? []
      for (const [, label = ''] of selector.matchAll(/([a-z_]+)(?:=~|!~|!=|=)"/g)) {
        expect(known, `${alert}: ${name} has the label ${label}`).toContain(label)
      }
    }
    for (const [, list = '', name = ''] of expr.matchAll(
      /by \(([^)]*)\) \((?:sum by \([^)]*\) \()?(holdpoint_[a-z_]+)/g,
    )) {
      const known: readonly string[] = [...(catalogue.find((metric) => metric.name === name)?.labels ?? []), 'instance']
      for (const label of list.split(',')) expect(known, `${alert}: ${name} by ${label}`).toContain(label.trim())
    }
  }
  // What nobody is told of is for a page of figures: said here, so that a new metric is thought about.
  const onlyShown = [
    'holdpoint_jobs',
    'holdpoint_job_moves_total',
    'holdpoint_stage_seconds',
    'holdpoint_tokens_total',
    'holdpoint_spent_usd_total',
    'holdpoint_worker_last_beat_timestamp_seconds',
    'holdpoint_worker_jobs_held',
  ]
  expect(catalogue.map(({ name }) => name as string).filter((name) => !asked.has(name))).toEqual(onlyShown)
})

test('the token of the metrics opens them, and nothing near it does', () => {
  const headers = (authorization?: string) => new Headers(authorization === undefined ? {} : { authorization })
  const token = 'scrape-0123456789abcdef'
  expect(carriesToken(headers(`Bearer ${token}`), token)).toBe(true)
  for (const other of [undefined, 'Bearer', `Bearer ${token}x`, `Basic ${token}`, token]) {
    expect(carriesToken(headers(other), token)).toBe(false)
  }
  expect(carriesToken(headers('Bearer undefined'), undefined)).toBe(false)
})

test('what expires within the hour is what the queues count: not what stands still, nor what escalates instead', async () => {
  await using w = await world()
  const { db, ownerPool } = w
  const lead = await person(db, ['lead'])
  const counts = async () => {
    await sweepFlags(db, new Date())
    await foldFigures(db, { force: true })
    const { samples } = await readAll(db)
    const exported = samples.holdpoint_jobs_expiring?.find(({ labels }) => labels.workflow === 'report')?.value
    return [exported, (await readStandings(db)).counts.get('report')?.expiring]
  }
  await ownerPool.query('ALTER TABLE job DISABLE TRIGGER USER; ALTER TABLE review_round DISABLE TRIGGER USER')
  await ownerPool.query(`UPDATE job SET due_at = now() + interval '30 minutes'`)
  await ownerPool.query(`UPDATE review_round SET due_at = now() + interval '30 minutes', at_deadline =
    CASE WHEN kind = 'result' THEN 'escalates' ELSE 'expires' END`)
  await ownerPool.query('ALTER TABLE job ENABLE TRIGGER USER; ALTER TABLE review_round ENABLE TRIGGER USER')
  expect(await counts()).toEqual([3, 3])
  await pauseQueue(db, lead, 'report', 'Prices are being checked.', new Date())
  expect(await counts()).toEqual([1, 1])
})

test('a stage is a histogram whose buckets hold what they say, and which never goes back', async () => {
  await using w = await world()
  const { db, ownerPool } = w
  const stage = async () => {
    const { text } = await renderMetrics(db)
    const samples = parseExposition(text).find(({ name }) => name === 'holdpoint_stage_seconds')?.samples ?? []
    return samples.filter(({ labels }) =>
      equal({ workflow: labels.workflow ?? '', stage: labels.stage ?? '' }, RUNNING),
    )
  }
  const RUNNING = { workflow: 'report', stage: 'in_running' }
  const { rows } = await ownerPool.query<{ seconds: number }>(
    `SELECT extract(epoch FROM e.at - b.at)::float8 AS seconds FROM event e JOIN event b ON b.job_id = e.job_id AND b.seq = (
       SELECT max(seq) FROM event s WHERE s.job_id = e.job_id AND s.seq < e.seq AND s.to_state = 'running' AND s.from_state <> 'running')
      WHERE e.from_state = 'running' AND e.to_state <> 'running'`,
  )
  expect(rows.length).toBeGreaterThan(1)
  const samples = await stage()
  const of = (name: string) => samples.filter((sample) => sample.name === `holdpoint_stage_seconds${name}`)
  expect(of('_count')[0]?.value).toBe(rows.length)
  expect(of('_sum')[0]?.value).toBeCloseTo(
    rows.reduce((sum, { seconds }) => sum + seconds, 0),
    2,
  )
  expect(of('_bucket')).toHaveLength(11)
  for (const { labels, value } of of('_bucket')) {
    const le = Number(labels.le === '+Inf' ? Number.POSITIVE_INFINITY : labels.le)
    expect(value, `up to ${le} s`).toBe(rows.filter(({ seconds }) => seconds < le).length)
  }
  // Old minutes and hours are forgotten; what Prometheus reads goes on from where it was.
  await ownerPool.query(`DELETE FROM figure_rollup WHERE grain <> 'ever'`)
  expect(await stage()).toEqual(samples)
})

test('no bucket of a stage goes down when somebody goes on reading what they have decided', async () => {
  await using w = await world()
  const { db } = w
  const read = async () => {
    await foldFigures(db, { force: true })
    const samples = parseExposition((await renderMetrics(db)).text).find(({ name }) => name === STAGE)?.samples ?? []
    return new Map(samples.map(({ name, labels, value }) => [`${name} ${JSON.stringify(labels)}`, value]))
  }
  const STAGE = 'holdpoint_stage_seconds'
  const [round] = await db.reviewRound.findMany({ where: { closedAt: null } })
  const { id: roundId = '', jobId = '' } = round ?? {}
  const who = { roundId, userId: 'dana' }
  const [claimedAt, decidedAt] = [new Date(Date.now() - 60_000), new Date()]
  await db.reviewWork.create({ data: { ...who, jobId, claimedAt, decidedAt, handsOnMs: 2_000 } })
  const before = await read()
  await db.reviewWork.updateMany({
    where: who,
    data: { handsOnMs: 120_000, decidedAt: new Date(Date.now() + 600_000) },
  })
  const after = await read()
  expect(before.size).toBeGreaterThan(0)
  for (const [name, value] of before) expect(after.get(name), name).toBeGreaterThanOrEqual(value)
})
