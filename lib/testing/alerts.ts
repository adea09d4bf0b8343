/** A store in which alerts are looked for, minute by minute. */
import { v7 as uuidv7 } from 'uuid'
import { evaluateAlerts } from '@/lib/alerts/evaluate.server'
import type { AlertKind } from '@/lib/alerts/kinds'
import type { RuleInput } from '@/lib/alerts/view'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { testDatabase } from './database'
import { person } from './people'

export const MINUTE_MS = 60_000
/** A rule of this kind over everything, from 1, that tells every lead. */
export const ruleOf = (kind: AlertKind, over: Partial<RuleInput> = {}): RuleInput => ({
  kind,
  workflowKey: null,
  threshold: 1,
  minutes: null,
  least: null,
  isOn: true,
  people: [],
  byEmail: true,
  address: null,
  ...over,
})

/** A store whose built-in rules are off: each test has the rules that it is about. */
export async function alertWorld() {
  const database = await testDatabase()
  const { db } = database
  await publishBuiltins(db)
  await db.alertRule.updateMany({ data: { isOn: false } })
  const lead = await person(db, ['lead'], 'Lena')
  const reviewer = await person(db, ['reviewer'], 'Rob')
  const owner = await person(db, ['owner'], 'Olga')
  const start = Date.now()
  const at = (minutes: number) => new Date(start + minutes * MINUTE_MS)
  const look = (minutes: number) => evaluateAlerts(db, { by: 'test', now: at(minutes), everyMs: 0 })
  // In minutes. The last beat of one that lives lies ahead: it lives however long the test takes.
  const worker = (host: string, { silentFor = -1_440, endedHow = null as string | null, startedAgo = 60 } = {}) =>
    database.ownerPool.query(
      `INSERT INTO worker (id, lock_ids, host, pid, version, started_at, beat_at, stopped_at, ended_how)
       VALUES ($1, '{}', $2, 1, '1.0.0', now() - make_interval(mins => $3), now() - make_interval(mins => $4),
               CASE WHEN $5::text IS NULL THEN NULL ELSE now() END, $5)`,
      [uuidv7(), host, startedAgo, silentFor, endedHow],
    )
  const openKinds = async () =>
    (await db.alert.findMany({ where: { closedAt: null }, orderBy: { kind: 'asc' } })).map(({ kind, subject }) =>
      [kind, subject].join(' ').trim(),
    )
  return {
    ...database,
    lead,
    reviewer,
    owner,
    at,
    look,
    worker,
    openKinds,
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}
