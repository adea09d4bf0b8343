/** The figures of the pages of the queues, as of the last fold. Nothing here reads more rows when there are more jobs. */
import { currentDayBudget } from '@/lib/money/day-budget.server'
import { dayAccount, workflowDayAccount } from '@/lib/money/ledger'
import { dayOf, usdOf } from '@/lib/money/micros'
import type { Tx } from '@/lib/store/db.server'
import { workflowNames } from '@/lib/workflows/catalogue.server'
import {
  type Beside,
  type Counts,
  type DayBudgetUse,
  type Flow,
  type FlowStep,
  type LengthName,
  lengthNames,
  type Quality,
  type QualityOfVersion,
  type QueueDepth,
  type QueueOverview,
  type QueueRow,
  type Spent,
  type SpentDay,
  type StretchView,
} from './figures-view'
import { type Counted, type Lengths, lengthsOf, NOT_KNOWN } from './lengths'
import { type Period, periodInfo, type Stretch, stepsOf, stretchesOf } from './period'
import { ALL, type DaySum, readDays, readSteps, readSums, type StepSum, type Sum } from './rollup.server'
import { standings } from './standing'
import { NOBODY, noCounts, readOldest, readStandings, type Standings } from './standing.server'

/** Cost is shown by day for so many days, whatever the period. */
const DAYS = 30
const DAY_MS = 86_400_000

const FLOW = ['arrived', 'completed', 'failed', 'expired', 'abandoned'] as const
const MONEY = ['cost', 'tokens_in', 'tokens_out'] as const
const QUALITY = {
  decided: 'decided',
  firstDecided: 'first_decided',
  firstPass: 'first_pass',
  edited: 'edited',
  changesRequested: 'changes_requested',
  samplesDrawn: 'sample_drawn',
  samplesDecided: 'sample_decided',
  samplesOverturned: 'sample_overturned',
} as const satisfies Record<keyof Quality, string>

type Known = Standings & {
  names: { key: string; name: string }[]
  stops: Map<string, string>
  budgets: Map<string, DayBudgetUse>
}

/** Everything on /queues. */
export async function readOverview(tx: Tx, period: Period): Promise<QueueOverview> {
  const known = await readKnown(tx)
  const { asOf, names, counts, stops, budgets } = known
  const keys = names.map(({ key }) => key)
  const [sums, ofRows, steps, quality, days, oldest] = await Promise.all([
    readSums(tx, period, asOf, { workflows: [ALL], measures: [...FLOW, ...MONEY, ...lengthNames] }),
    readSums(tx, period, asOf, { workflows: keys, measures: [...FLOW, ...MONEY] }),
    readSteps(tx, period, asOf, { workflows: [ALL, ...keys], measures: [...FLOW] }),
    readSums(tx, period, asOf, { workflows: keys, measures: Object.values(QUALITY) }),
    readDays(tx, asOf, DAYS, { workflows: [ALL], measures: [...MONEY] }),
    readOldest(tx, keys),
  ])
  const stretch = stretchesOf(period, asOf.getTime())
  const rows = names.map(({ key, name }): QueueRow => {
    const own = ofRows.filter(({ workflow }) => workflow === key)
    const ownSteps = flowSteps(period, stretch.now, steps, key)
    return {
      key,
      name,
      counts: counts.get(key) ?? noCounts(),
      oldest: oldest.get(key) ?? NOBODY,
      flow: beside(own, flowOf),
      steps: {
        arrived: ownSteps.map(({ arrived }) => arrived),
        completed: ownSteps.map(({ completed }) => completed),
      },
      spent: beside(own, spentOf),
      today: budgets.get(key) ?? NO_BUDGET,
      stoppedSince: stops.get(key) ?? null,
    }
  })
  return {
    ...commonOf(known, period, sums),
    counts: addUp(names.map(({ key }) => counts.get(key) ?? noCounts())),
    steps: flowSteps(period, stretch.now, steps, ALL),
    quality: qualityOf(names, quality),
    days: spentDays(asOf, days),
    today: budgets.get(ALL) ?? NO_BUDGET,
    rows,
  }
}

/** Everything on the page of one queue; null where there is no such workflow. */
export async function readDepth(tx: Tx, key: string, period: Period): Promise<QueueDepth | null> {
  const known = await readKnown(tx)
  const { asOf, names, counts, stops, budgets } = known
  const name = names.find((one) => one.key === key)?.name
  if (name === undefined) return null
  const workflows = [key]
  const [sums, steps, quality, days, oldest] = await Promise.all([
    readSums(tx, period, asOf, { workflows, measures: [...FLOW, ...MONEY, ...lengthNames] }),
    readSteps(tx, period, asOf, { workflows, measures: [...FLOW, 'to_completed'] }),
    readSums(tx, period, asOf, { workflows, measures: Object.values(QUALITY) }),
    readDays(tx, asOf, DAYS, { workflows, measures: [...MONEY] }),
    readOldest(tx, workflows),
  ])
  const stretch = stretchesOf(period, asOf.getTime())
  return {
    ...commonOf(known, period, sums),
    key,
    name,
    counts: counts.get(key) ?? noCounts(),
    oldest: oldest.get(key) ?? NOBODY,
    stoppedSince: stops.get(key) ?? null,
    steps: flowSteps(period, stretch.now, steps, key),
    lengthSteps: lengthSteps(period, stretch.now, steps),
    quality: qualityOf([{ key, name }], quality),
    days: spentDays(asOf, days),
    today: budgets.get(key) ?? NO_BUDGET,
  }
}

async function readKnown(tx: Tx): Promise<Known> {
  const [standings, names, stops] = await Promise.all([
    readStandings(tx),
    workflowNames(tx),
    tx.queueStop.findMany({ where: { resumedAt: null }, select: { workflowKey: true, since: true } }),
  ])
  return {
    ...standings,
    names,
    stops: new Map(stops.map(({ workflowKey, since }) => [workflowKey, since.toISOString()])),
    budgets: await readBudgets(
      tx,
      names.map(({ key }) => key),
      dayOf(standings.asOf),
    ),
  }
}

const NO_BUDGET: DayBudgetUse = { usedUsd: 0, limitUsd: null }

/** What is used of the budgets for `day`, by workflow; under `ALL` that of the installation. */
async function readBudgets(tx: Tx, keys: readonly string[], day: string): Promise<Map<string, DayBudgetUse>> {
  const accounts = [dayAccount(day), ...keys.map((key) => workflowDayAccount(key, day))]
  const [rows, limits, ofAll] = await Promise.all([
    tx.budgetAccount.findMany({ where: { key: { in: accounts } } }),
    tx.$queryRaw<{ key: string; usd: number | null }[]>`
      SELECT w.key, (v.definition -> 'budget' ->> 'perDayUsd')::float8 AS usd
        FROM workflow w JOIN workflow_version v ON v.key = w.key AND v.version = w.current_version`,
    currentDayBudget(tx),
  ])
  const used = new Map(rows.map(({ key, spentMicros, reservedMicros }) => [key, usdOf(spentMicros + reservedMicros)]))
  const limitOf = new Map(limits.map(({ key, usd }) => [key, usd]))
  const use = (account: string, limitUsd: number | null): DayBudgetUse => ({
    usedUsd: used.get(account) ?? 0,
    limitUsd,
  })
  return new Map([
    [ALL, use(dayAccount(day), ofAll === null ? null : usdOf(ofAll))],
    ...keys.map((key): [string, DayBudgetUse] => [key, use(workflowDayAccount(key, day), limitOf.get(key) ?? null)]),
  ])
}

function commonOf({ asOf, isLate, sweptAt }: Known, period: Period, sums: readonly Sum[]) {
  const { now, before } = stretchesOf(period, asOf.getTime())
  return {
    asOf: asOf.toISOString(),
    isLate,
    sweptAt: sweptAt?.toISOString() ?? null,
    period,
    stretch: { now: stretchView(now), before: stretchView(before) },
    flow: beside(sums, flowOf),
    spent: beside(sums, spentOf),
    lengths: Object.fromEntries(
      lengthNames.map((name) => [name, beside(sums, (of) => lengthsOf(of.filter(({ measure }) => measure === name)))]),
    ) as Record<LengthName, Beside<Lengths>>,
  }
}

function stretchView({ from, to }: Stretch): StretchView {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() }
}

function beside<T>(sums: readonly Sum[], of: (sums: readonly Sum[]) => T): Beside<T> {
  return {
    now: of(sums.filter(({ which }) => which === 'now')),
    before: of(sums.filter(({ which }) => which === 'before')),
  }
}

type Measured = { measure: string; bound: number; times: number; total: number }

function timesOf(sums: readonly Measured[], measure: string): number {
  return sums.filter((sum) => sum.measure === measure).reduce((all, { times }) => all + times, 0)
}

function flowOf(sums: readonly Measured[]): Flow {
  return Object.fromEntries(FLOW.map((measure) => [measure, timesOf(sums, measure)])) as Flow
}

function spentOf(sums: readonly Measured[]): Spent {
  const isUnknown = ({ bound }: Measured) => bound === NOT_KNOWN
  const total = (name: string) =>
    sums.filter(({ measure }) => measure === name).reduce((all, sum) => all + sum.total, 0)
  return {
    calls: timesOf(sums, 'cost'),
    usd: total('cost') / 1_000_000,
    unknown: timesOf(sums.filter(isUnknown), 'cost'),
    tokensIn: total('tokens_in'),
    tokensOut: total('tokens_out'),
    tokensUnknown: timesOf(sums.filter(isUnknown), 'tokens_in'),
  }
}

function stepViews<T>(period: Period, stretch: Stretch, sums: readonly StepSum[], of: (sums: StepSum[]) => T) {
  const { stepMs } = periodInfo[period]
  const byStep = Map.groupBy(sums, ({ at }) => at.getTime())
  return stepsOf(period, stretch).map((from) => ({
    from: new Date(from).toISOString(),
    to: new Date(from + stepMs).toISOString(),
    ...of(byStep.get(from) ?? []),
  }))
}

function flowSteps(period: Period, stretch: Stretch, sums: readonly StepSum[], key: string): FlowStep[] {
  const own = sums.filter(({ workflow }) => workflow === key)
  return stepViews(period, stretch, own, flowOf)
}

function lengthSteps(period: Period, stretch: Stretch, sums: readonly StepSum[]): QueueDepth['lengthSteps'] {
  const own = sums.filter(({ measure }) => measure === 'to_completed')
  return stepViews(period, stretch, own, (of) => ({ lengths: lengthsOf(of satisfies Counted[]) }))
}

function qualityOf(names: readonly { key: string; name: string }[], sums: readonly Sum[]): QualityOfVersion[] {
  return names.flatMap(({ key, name }) => {
    const own = sums.filter(({ workflow }) => workflow === key)
    const versions = [...new Set(own.map(({ version }) => version))].toSorted((a, b) => b - a)
    return versions.map((version) => ({
      workflow: key,
      name,
      version,
      ...beside(
        own.filter((sum) => sum.version === version),
        (of) =>
          Object.fromEntries(
            Object.entries(QUALITY).map(([field, measure]) => [field, timesOf(of, measure)]),
          ) as Quality,
      ),
    }))
  })
}

function spentDays(asOf: Date, sums: readonly DaySum[]): SpentDay[] {
  return Array.from({ length: DAYS }, (_, index) => {
    const day = dayOf(new Date(asOf.getTime() - (DAYS - 1 - index) * DAY_MS))
    return { day, ...spentOf(sums.filter((sum) => sum.day === day)) }
  })
}

function addUp(all: readonly Counts[]): Counts {
  const sum = noCounts()
  for (const counts of all) for (const standing of standings) sum[standing] += counts[standing]
  return sum
}
