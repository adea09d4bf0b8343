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
          {otherwise > 0 && `${costWords(usd)} `}
          {untold > 0 &&
            `${untold} of them ${untold === 1 ? 'is' : 'are'} not judged: what is stored of ${untold === 1 ? 'it' : 'them'} does not say enough. `}
          {more && 'There are more failures than were gone through: these are the newest. '}
          {otherwise > 0 &&
            'A further try counts with what an attempt of its workflow usually costs at the prices on record. Other delays, sentences and notices alone are not counted. '}
          Nothing was sent.
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
              <Th className="text-right">Cost, at most</Th>
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
                    <Link
                      key={`${jobNumber}-${attempt}`}
                      href={`/jobs/${jobNumber}?tab=attempts`}
                      className="link mr-2"
                    >
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

/** The cost of all of it in a sentence. */
function costWords(usd: number | null): string {
  if (usd === null) return 'What it would have cost is not known: a price, a usage or the number of tries is missing.'
  if (usd === 0) return 'It would have cost neither more nor less.'
  return usd < 0 ? `It would have spared ${dollars(-usd)}.` : `It would have cost ${dollars(usd)} more at most.`
}

function dollars(usd: number | null): string {
  if (usd === null) return 'not known'
  if (usd === 0) return '$0'
  const digits = Math.abs(usd) < 0.01 ? 4 : 2
  return `${usd < 0 ? '−' : ''}$${Math.abs(usd).toFixed(digits)}`
}
