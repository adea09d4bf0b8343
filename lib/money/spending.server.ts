/** What was spent, by workflow and day, against the budgets: from the accounts that the budgets themselves count in. */
import type { Tx } from '@/lib/store/db.server'
import { currentWorkflows, type PublishedWorkflow } from '@/lib/workflows/store.server'
import { currentDayBudget } from './day-budget.server'
import { dayAccount, workflowAccount, workflowDayAccount } from './ledger'
import { dayOf, usdOf } from './micros'
import { priceBook } from './price.server'
import { namesOf, priceLabel } from './price-book'
import { workflowNames } from './stops.server'
import type { Counted, MissingPrice, Spending, WorkflowSpending } from './view'

const DAY_MS = 86_400_000

/** The last `count` days (UTC) up to today, by workflow and by day. */
export async function readSpending(tx: Tx, now: Date, count = 7): Promise<Spending> {
  const days = Array.from({ length: count }, (_, back) => dayOf(new Date(now.getTime() - back * DAY_MS)))
  const [workflows, dayLimit, known, notKnown] = await Promise.all([
    currentWorkflows(tx),
    currentDayBudget(tx),
    tx.workflow.findMany({ select: { key: true } }),
    unknownByDay(tx, days),
  ])
  const keys = known.map(({ key }) => key)
  const names = await workflowNames(tx, keys)
  const accounts = await readAccounts(tx, [
    ...days.map(dayAccount),
    ...keys.flatMap((key) => [workflowAccount(key), ...days.map((day) => workflowDayAccount(key, day))]),
  ])
  const dayLimitUsd = dayLimit === null ? null : usdOf(dayLimit)
  const rows = keys.map((key) => {
    const budget = workflows.find((workflow) => workflow.key === key)?.definition.budget
    const ofDays = days.map((day) => accounts(workflowDayAccount(key, day)))
    return {
      key,
      name: names.get(key) ?? key,
      today: { ...accounts(workflowDayAccount(key, days[0] ?? '')), limitUsd: budget?.perDayUsd ?? null },
      week: { ...summed(ofDays), limitUsd: null },
      total: { ...accounts(workflowAccount(key)), limitUsd: budget?.totalUsd ?? null },
    }
  })
  return {
    workflows: rows
      .filter(isWorthShowing)
      .toSorted((a, b) => b.total.spentUsd - a.total.spentUsd || (a.name < b.name ? -1 : 1)),
    days: days.map((day, back) => ({
      day,
      // The budget that counts now: earlier days had their own.
      all: { ...accounts(dayAccount(day)), limitUsd: back === 0 ? dayLimitUsd : null },
      notKnown: notKnown.get(day) ?? 0,
    })),
  }
}

/** Not a workflow that nobody ever used and that has no budget. */
function isWorthShowing({ today, total }: WorkflowSpending): boolean {
  return total.spentUsd > 0 || total.reservedUsd > 0 || total.limitUsd !== null || today.limitUsd !== null
}

type Sum = Pick<Counted, 'spentUsd' | 'reservedUsd'>

function summed(sums: readonly Sum[]): Sum {
  return {
    spentUsd: sums.reduce((sum, { spentUsd }) => sum + spentUsd, 0),
    reservedUsd: sums.reduce((sum, { reservedUsd }) => sum + reservedUsd, 0),
  }
}

async function readAccounts(tx: Tx, keys: string[]): Promise<(key: string) => Sum> {
  const rows = await tx.budgetAccount.findMany({ where: { key: { in: keys } } })
  const byKey = new Map(rows.map((row) => [row.key, row]))
  return (key) => {
    const row = byKey.get(key)
    return { spentUsd: usdOf(row?.spentMicros ?? 0n), reservedUsd: usdOf(row?.reservedMicros ?? 0n) }
  }
}

/** How many calls of each day have ended at a cost that nobody knows. */
async function unknownByDay(tx: Tx, days: readonly string[]): Promise<Map<string, number>> {
  const accountKeys = days.map(dayAccount)
  const rows = await tx.$queryRaw<{ key: string; count: number }[]>`
    SELECT e.account_key AS key, count(*)::int AS count
      FROM budget_entry e JOIN attempt a ON a.id = e.attempt_id
     WHERE e.account_key = ANY(${accountKeys}::text[]) AND e.settled_at IS NOT NULL AND a.cost_micros IS NULL
     GROUP BY e.account_key`
  return new Map(rows.map(({ key, count }) => [key.slice(dayAccount('').length), count]))
}

/** The prices that are missing, of the models and tools of current workflows. */
export async function missingPrices(tx: Tx, now: Date): Promise<MissingPrice[]> {
  const [workflows, book] = await Promise.all([currentWorkflows(tx), priceBook(tx, now)])
  const missing = new Map<string, MissingPrice>()
  const miss = (kind: MissingPrice['kind'], name: string, workflow: PublishedWorkflow) => {
    const known = missing.get(`${kind}:${name}`) ?? { kind, name, label: priceLabel(kind, name), workflows: [] }
    missing.set(`${kind}:${name}`, { ...known, workflows: [...known.workflows, workflow.name] })
  }
  for (const workflow of workflows) {
    const { model, serviceTier, tools } = workflow.definition
    const names = namesOf(model, serviceTier ?? null)
    if (!names.some((name) => book.models.has(name))) miss('model', names.at(-1) ?? model, workflow)
    for (const { type } of tools) {
      if (type !== 'function' && type !== 'mcp' && !book.tools.has(type)) miss('tool', type, workflow)
    }
  }
  return [...missing.values()]
}
