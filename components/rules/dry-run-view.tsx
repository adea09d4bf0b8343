import Link from 'next/link'
import { Callout } from '@/components/ui/callout'
import { Table, TBody, Td, THead, Th, Tr } from '@/components/ui/table'
import type { FailureClass } from '@/lib/lifecycle/failure'
import { CLASS_WORDS } from '@/lib/lifecycle/retry'
import type { DryRun, Fate } from '@/lib/rules/trial'

const FATES: Record<Fate, string> = {
  again: 'tried again by itself',
  stops_queue: 'stops the queue',
  held: 'held for a person',
  failed: 'failed',
}

/** What the draft would have made of the failures of the last days. */
export function DryRunView({ dryRun }: { dryRun: DryRun }) {
  const { days, failures, groups, untold, more, usd } = dryRun
  const otherwise = groups.reduce((sum, { count }) => sum + count, 0)
  return (
    <section aria-label="Dry run" className="flex flex-col gap-3">
      <Callout
        tone={otherwise === 0 ? 'neutral' : 'informative'}
        role="status"
        title={titleOf(otherwise, failures, days)}
      >
        <p>
          {otherwise > 0 && <>It would have cost {dollars(usd)} more at most. </>}
          {untold > 0 && `Of ${untold} what was stored does not say enough to tell. `}
          {more && 'There are more failures than were gone through. '}
          Costs are those of the attempts that failed, as often as they could have been made again; nothing was sent.
        </p>
      </Callout>
      {groups.length > 0 && (
        <Table label="What would have gone otherwise" className="min-w-[40rem]">
          <THead>
            <Tr>
              <Th>Code</Th>
              <Th>It was</Th>
              <Th>It would be</Th>
              <Th className="text-right">How often</Th>
              <Th className="text-right">Cost</Th>
              <Th>Examples</Th>
            </Tr>
          </THead>
          <TBody>
            {groups.map((group) => (
              <Tr
                key={`${group.code} ${group.from.class} ${group.from.fate} ${group.to.class} ${group.to.fate} ${group.to.rule}`}
              >
                <Td>
                  <code className="text-xs wrap-anywhere">{group.code}</code>
                </Td>
                <Td>{fateWords(group.from)}</Td>
                <Td>
                  {fateWords(group.to)}
                  {group.to.rule !== null && <span className="block text-sm text-muted">{group.to.rule}</span>}
                </Td>
                <Td numeric className="tabular-nums">
                  {group.count}
                </Td>
                <Td numeric className="tabular-nums whitespace-nowrap">
                  {dollars(group.usd)}
                </Td>
                <Td>
                  {group.examples.map(({ jobNumber, attempt }) => (
                    <Link key={`${jobNumber}-${attempt}`} href={`/jobs/${jobNumber}`} className="mr-2 underline">
                      #{jobNumber}
                    </Link>
                  ))}
                </Td>
              </Tr>
            ))}
          </TBody>
        </Table>
      )}
    </section>
  )
}

function titleOf(otherwise: number, failures: number, days: number): string {
  if (failures === 0) return `Nothing failed in the last ${days} days, so that nothing can be tried out.`
  const of = `of ${failures} ${failures === 1 ? 'failure' : 'failures'} in the last ${days} days`
  return otherwise === 0 ? `None ${of} would have gone otherwise.` : `${otherwise} ${of} would have gone otherwise.`
}

function fateWords({ class: failureClass, fate }: { class: string; fate: Fate }): string {
  return `${CLASS_WORDS[failureClass as FailureClass] ?? failureClass}, ${FATES[fate]}`
}

function dollars(usd: number | null): string {
  if (usd === null) return 'an amount that is not known'
  if (usd === 0) return '$0'
  const digits = Math.abs(usd) < 0.01 ? 4 : 2
  return `${usd < 0 ? '−' : ''}$${Math.abs(usd).toFixed(digits)}`
}
