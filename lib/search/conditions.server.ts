/** What a search asks for, as conditions over `j` (job) and `s` (job_search). */
import type { Actor } from '@/lib/access/actor'
import { Prisma } from '@/lib/generated/prisma/client'
import { stateNames, states } from '@/lib/lifecycle/table'
import { microsOf } from '@/lib/money/micros'
import { standingInfo } from '@/lib/queues/standing'
import { readDay } from './days'
import type { Comparison, FilterPart } from './filter'
import { type ResolvedNames, type ResolvedTerm, stoppedWorkflows } from './resolve.server'
import { anyThing, anywhere, tsqueryOf } from './terms'
import { deciderThing, quotedThing } from './words'

export type Conditions = {
  /** Over `s` alone, each answered by an index over words or labels. */
  indexed: Prisma.Sql[]
  /** Over `j` and `s`. */
  others: Prisma.Sql[]
}

const { sql } = Prisma

/** The words of a search. */
export function wordConditions(terms: readonly ResolvedTerm[]): Conditions {
  const conditions: Conditions = { indexed: [], others: [] }
  for (const term of terms) {
    const ways: Prisma.Sql[] = []
    const query = tsqueryOf(term, term.weights, term.things)
    if (query !== '') ways.push(sql`s.words @@ ${query}::tsquery`)
    if (term.inLabel && term.piece !== null) ways.push(sql`s.label LIKE ${anywhere(term.piece)}`)
    if (term.inManyDocuments) ways.push(documentHas(tsqueryOf(term, ['A', 'B', 'C', 'D'])))
    const any = ways.length === 0 ? sql`false` : sql`(${Prisma.join(ways, ' OR ')})`
    // Of a job that was not read yet nothing is known to be missing.
    if (term.negated) conditions.others.push(sql`NOT coalesce(${any}, false)`)
    else if (term.inManyDocuments) conditions.others.push(any)
    else conditions.indexed.push(any)
  }
  return conditions
}

function documentHas(query: string): Prisma.Sql {
  return sql`EXISTS (SELECT 1 FROM job_document jd JOIN document d ON d.id = jd.document_id
    JOIN search_document sd ON sd.text_sha256 = d.text_sha256 WHERE jd.job_id = j.id AND sd.words @@ ${query}::tsquery)`
}

/** The filters of a search, but for `in:`. */
export function filterConditions(
  filters: readonly FilterPart[],
  { actor, names, now }: { actor: Actor; names: ResolvedNames; now: Date },
): Conditions {
  const conditions: Conditions = { indexed: [], others: [] }
  for (const filter of filters) {
    if (filter.field === 'in') continue
    const condition = conditionOf(filter, { actor, names, now })
    const isIndexed = filter.field === 'reviewer' || filter.field === 'model'
    // What is not known matches neither a filter nor its opposite.
    if (filter.negated) conditions.others.push(sql`NOT ${condition}`)
    else if (isIndexed) conditions.indexed.push(condition)
    else conditions.others.push(condition)
  }
  return conditions
}

type Known = { actor: Actor; names: ResolvedNames; now: Date }

function conditionOf(filter: FilterPart, known: Known): Prisma.Sql {
  const { field, values } = filter
  switch (field) {
    case 'state':
      return oneOf(sql`j.state`, values)
    case 'is':
      return any(values.map((value) => isNow(value, known)))
    case 'workflow':
      return oneOf(sql`j.workflow_key`, values)
    case 'version':
      return sql`EXISTS (SELECT 1 FROM workflow_version v WHERE v.id = j.workflow_version_id AND ${amount(sql`v.version`, filter)})`
    case 'class':
      return sql`coalesce(${oneOf(sql`j.failure_class`, values)}, false)`
    case 'code':
      return sql`coalesce(${oneOf(sql`j.failure_code`, values)}, false)`
    case 'requester':
      return sql`coalesce(${oneOf(sql`j.requester_id`, known.names.people.get(filter) ?? [])}, false)`
    case 'reviewer': {
      const people = known.names.people.get(filter) ?? []
      if (people.length === 0) return sql`false`
      return sql`coalesce(s.words @@ ${anyThing(people.map(deciderThing))}::tsquery, false)`
    }
    case 'model':
      return sql`coalesce(s.words @@ ${values.map((value) => `${quotedThing(`m${value}`)}:*`).join(' | ')}::tsquery, false)`
    case 'provider-status':
      return sql`coalesce((SELECT a.provider_status FROM attempt a WHERE a.job_id = j.id ORDER BY a.number DESC LIMIT 1) = ANY (${values}::text[]), false)`
    case 'round':
      return sql`EXISTS (SELECT 1 FROM review_round r WHERE r.job_id = j.id AND r.closed_at IS NULL AND r.kind = ANY (${values}::text[]))`
    case 'reference':
      return sql`coalesce(lower(j.reference) = ANY (SELECT lower(one) FROM unnest(${values}::text[]) AS one), false)`
    case 'number':
      return amount(sql`j.number`, filter)
    case 'before':
      return sql`j.created_at < ${day(filter, known)}::timestamptz`
    case 'after':
      return sql`j.created_at >= ${day(filter, known)}::timestamptz`
    case 'settled-before':
      return sql`coalesce(j.settled_at < ${day(filter, known)}::timestamptz, false)`
    case 'settled-after':
      return sql`coalesce(j.settled_at >= ${day(filter, known)}::timestamptz, false)`
    case 'cost':
      return amount(sql`s.cost_micros`, { ...filter, values: values.map((value) => String(microsOf(Number(value)))) })
    case 'tokens':
      return amount(sql`s.tokens`, filter)
    case 'attempts':
      return amount(sql`(SELECT count(*) FROM attempt a WHERE a.job_id = j.id)`, filter)
    case 'rounds':
      return amount(sql`(SELECT count(*) FROM review_round r WHERE r.job_id = j.id)`, filter)
    case 'priority':
      return amount(sql`j.priority`, filter)
    case 'has':
      return any(values.map(has))
    case 'in':
      return sql`true`
  }
}

const any = (ways: readonly Prisma.Sql[]): Prisma.Sql => sql`(${Prisma.join([...ways], ' OR ')})`

function oneOf(column: Prisma.Sql, values: readonly string[]): Prisma.Sql {
  return values.length === 1 ? sql`${column} = ${values[0]}` : sql`${column} = ANY (${[...values]}::text[])`
}

const OPERATORS: Record<Comparison, Prisma.Sql> = {
  '<': sql`<`,
  '<=': sql`<=`,
  '>': sql`>`,
  '>=': sql`>=`,
  '=': sql`=`,
}

/** The values were read as numbers. */
function amount(column: Prisma.Sql, { values, compare }: Pick<FilterPart, 'values' | 'compare'>): Prisma.Sql {
  if (compare === null) return sql`${column} = ANY (${values.map(BigInt)}::bigint[])`
  return sql`${column} ${OPERATORS[compare]} ${BigInt(values[0] ?? '0')}::bigint`
}

function day({ values }: FilterPart, { now }: Known): Date {
  return readDay(values[0] ?? '', now) ?? now
}

const settled = stateNames.filter((state) => states[state].settled)
const open = stateNames.filter((state) => !states[state].settled)

const HOUR_MS = 3_600_000
/** As the inbox: what is due within four hours asks for somebody soon. */
const SOON_MS = 4 * HOUR_MS

function isNow(condition: string, { actor, now }: Known): Prisma.Sql {
  switch (condition) {
    case 'mine':
      return actor.userId !== null
        ? sql`coalesce(j.requester_id = ${actor.userId}, false)`
        : sql`coalesce(j.requester_key_id = ${actor.apiKeyId}::uuid, false)`
    case 'open':
      return sql`j.state = ANY (${open}::text[])`
    case 'settled':
      return sql`j.state = ANY (${settled}::text[])`
    case 'stuck':
      // As the queues count it: the sweep of the workers keeps the flag.
      return sql`EXISTS (SELECT 1 FROM job_flag f WHERE f.job_id = j.id AND f.flag = ${standingInfo.stuck.gauge})`
    case 'overdue':
      return sql`(j.state = ANY (${open}::text[]) AND coalesce(j.next_due_at <= ${now}::timestamptz, false))`
    case 'expiring':
      return sql`(j.state = ANY (${open}::text[]) AND coalesce(j.next_due_at > ${now}::timestamptz AND j.next_due_at <= ${new Date(now.getTime() + SOON_MS)}::timestamptz, false))`
    case 'unclassified':
      return sql`coalesce(j.failure_class = 'unclassified', false)`
    case 'paused':
      return sql`(j.state IN ('queued', 'running') AND j.workflow_key IN (${stoppedWorkflows}))`
    case 'reopened':
      return sql`EXISTS (SELECT 1 FROM review_round r WHERE r.job_id = j.id AND r.opened_by = 'reopen')`
    default:
      throw new Error(`there is no condition "${condition}"`)
  }
}

function has(what: string): Prisma.Sql {
  switch (what) {
    case 'result':
      return sql`EXISTS (SELECT 1 FROM result x WHERE x.job_id = j.id)`
    case 'revision':
      return sql`EXISTS (SELECT 1 FROM result x WHERE x.job_id = j.id AND x.revision > 0)`
    case 'delivery':
      return sql`EXISTS (SELECT 1 FROM delivery x WHERE x.job_id = j.id)`
    case 'document':
      return sql`EXISTS (SELECT 1 FROM job_document x WHERE x.job_id = j.id)`
    case 'reference':
      return sql`j.reference IS NOT NULL`
    case 'failure':
      return sql`j.failure_class IS NOT NULL`
    case 'comment':
      return sql`EXISTS (SELECT 1 FROM event x WHERE x.job_id = j.id AND x.command = 'comment')`
    default:
      throw new Error(`a job has no "${what}"`)
  }
}
