import Link from 'next/link'
import { Table, TBody, Td, THead, Th, Tr } from '@/components/ui/table'
import { dollars } from '@/lib/money/micros'
import type { Beside, DayBudgetUse, QueueRow, Spent, SpentDay } from '@/lib/queues/figures-view'
import { ChartFrame } from './chart-frame'
import { dayHref } from './links'
import { SpendingChart } from './spending-chart'
import { count, dayWords, percent, roughly } from './words'

type SpendingPanelProps = {
  spent: Beside<Spent>
  today: DayBudgetUse
  days: readonly SpentDay[]
  /** Of one workflow; null: of all. */
  workflow: string | null
  /** By workflow, where it is of all. */
  rows?: readonly QueueRow[]
}

/** What calls cost and how many tokens they took, by day and by workflow, against the budgets. */
export function SpendingPanel({ spent, today, days, workflow, rows }: SpendingPanelProps) {
  const used = rows?.filter(
    ({ spent: { now, before }, today: { usedUsd } }) => now.calls + before.calls > 0 || usedUsd > 0,
  )
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <ChartFrame
        id="spending"
        title="Cost and tokens"
        hint="By the day (UTC) on which a call was sent, once it has ended. Rehearsals at the sandbox count as if they were paid."
        summary={`In this period ${spentWords(spent.now)}; in the one before ${spentWords(spent.before)}.`}
        legend={null}
        chart={<SpendingChart days={days} limitUsd={today.limitUsd} workflow={workflow} />}
        table={<DayTable days={days} workflow={workflow} />}
      />
      <Table label="Cost and tokens, beside the period before">
        <THead>
          <Tr>
            <Th>{rows === undefined ? <span className="sr-only">Which</span> : 'Workflow'}</Th>
            <Th className="text-right">Today, of the budget</Th>
            <Th className="text-right">Cost</Th>
            <Th className="text-right">Before</Th>
            <Th className="text-right">Tokens in, out</Th>
            <Th className="text-right">Before</Th>
            <Th className="text-right">Calls</Th>
          </Tr>
        </THead>
        <TBody>
          <SpentRow name={rows === undefined ? 'This workflow' : 'All'} spent={spent} today={today} strong />
          {used?.map((row) => (
            <SpentRow key={row.key} name={row.name} spent={row.spent} today={row.today} />
          ))}
        </TBody>
      </Table>
    </div>
  )
}

function spentWords({ usd, calls, unknown }: Spent): string {
  if (calls === 0) return 'no call ended'
  return `${count(calls)} calls cost ${dollars(usd)}${unknown === 0 ? '' : `, and of ${count(unknown)} it is not known`}`
}

type SpentRowProps = { name: string; spent: Beside<Spent>; today: DayBudgetUse; strong?: boolean }

function SpentRow({ name, spent: { now, before }, today, strong = false }: SpentRowProps) {
  return (
    <Tr className={strong ? 'font-medium' : undefined}>
      <Th
        scope="row"
        className={`h-10 max-w-56 border-b border-line wrap-anywhere whitespace-normal group-last/row:border-b-0 ${strong ? '' : 'font-normal'}`}
      >
        {name}
      </Th>
      <Td numeric className="whitespace-nowrap tabular-nums">
        {dollars(today.usedUsd)}
        <span className="block text-xs font-normal text-muted">
          {today.limitUsd === null
            ? 'no budget'
            : `${percent(today.usedUsd, today.limitUsd)} of ${dollars(today.limitUsd)}`}
        </span>
      </Td>
      <Cost of={now} />
      <Cost of={before} quiet />
      <Tokens of={now} />
      <Tokens of={before} quiet />
      <Td numeric className="tabular-nums">
        {count(now.calls)}
      </Td>
    </Tr>
  )
}

function Cost({ of: { calls, unknown, usd }, quiet = false }: { of: Spent; quiet?: boolean }) {
  return (
    <Td numeric className={`whitespace-nowrap tabular-nums ${quiet ? 'font-normal text-muted' : ''}`}>
      {calls === 0 ? 'none' : unknown === calls ? 'not known' : dollars(usd)}
      <span className="block text-xs font-normal text-muted">
        {unknown > 0 && unknown < calls && `known for ${count(calls - unknown)} of ${count(calls)}`}
      </span>
    </Td>
  )
}

function Tokens({ of, quiet = false }: { of: Spent; quiet?: boolean }) {
  const { calls, tokensIn, tokensOut, tokensUnknown } = of
  return (
    <Td numeric className={`whitespace-nowrap tabular-nums ${quiet ? 'font-normal text-muted' : ''}`}>
      {calls === 0 ? 'none' : tokensUnknown === calls ? 'not known' : `${roughly(tokensIn)}, ${roughly(tokensOut)}`}
      <span className="block text-xs font-normal text-muted">
        {tokensUnknown > 0 && tokensUnknown < calls && `known for ${count(calls - tokensUnknown)} of ${count(calls)}`}
      </span>
    </Td>
  )
}

function DayTable({ days, workflow }: Pick<SpendingPanelProps, 'days' | 'workflow'>) {
  return (
    <Table label="Cost and tokens by day">
      <THead>
        <Tr>
          <Th>Day (UTC)</Th>
          <Th className="text-right">Cost</Th>
          <Th className="text-right">Tokens in, out</Th>
          <Th className="text-right">Calls</Th>
        </Tr>
      </THead>
      <TBody>
        {days.toReversed().map((day) => (
          <Tr key={day.day}>
            <Td className="whitespace-nowrap">
              {day.calls === 0 ? (
                dayWords(day.day)
              ) : (
                <Link href={dayHref(day.day, workflow)} prefetch={false} className="hover:underline">
                  {dayWords(day.day)}
                </Link>
              )}
            </Td>
            <Cost of={day} />
            <Tokens of={day} />
            <Td numeric className="tabular-nums">
              {count(day.calls)}
            </Td>
          </Tr>
        ))}
      </TBody>
    </Table>
  )
}
