'use client'
import { Panel, PanelBody, PanelHeader } from '@/components/ui/panel'
import type { CostView, JobView } from '@/lib/jobs/view'
import { dollars } from '@/lib/money/micros'

/** What the job cost, in all and by attempt; how it was worked out on demand, and why it is not known where it is not. */
export function JobCost({ job }: { job: JobView }) {
  if (job.attempts.length === 0) return null
  return (
    <Panel aria-labelledby="cost" className="mb-4">
      <PanelHeader id="cost" title="Cost" hint={summaryOf(job.cost)} />
      <PanelBody>
        <ul className="flex flex-col divide-y divide-line">
          {job.attempts.map(({ number, cost }) => (
            <li key={number} className="py-1.5 first:pt-0 last:pb-0">
              <AttemptCost number={number} cost={cost} />
            </li>
          ))}
        </ul>
      </PanelBody>
    </Panel>
  )
}

function AttemptCost({ number, cost }: { number: number; cost: CostView }) {
  const { usd, lines, why } = cost
  const head = (
    <span className="inline-flex flex-wrap items-baseline gap-x-3">
      <span className="text-muted">Attempt {number}</span>
      <span className="tabular-nums">{usd === null ? 'not known' : dollars(usd)}</span>
    </span>
  )
  if (lines.length === 0 && why === null) {
    return (
      <p>
        {head}
        {usd === 0 && <span className="ml-3 text-sm text-muted">Nothing was taken, so nothing is paid.</span>}
      </p>
    )
  }
  return (
    <details>
      <summary className="w-fit cursor-pointer">{head}</summary>
      {why !== null && <p className="mt-1 max-w-prose text-sm text-muted">{why}</p>}
      {lines.length > 0 && (
        <dl className="mt-1 max-w-lg text-sm">
          {lines.map((line) => (
            <div key={line.what} className="flex justify-between gap-4 py-0.5">
              <dt className="min-w-0 text-muted wrap-anywhere">{line.what}</dt>
              <dd className="shrink-0 tabular-nums">{line.usd === null ? 'not known' : dollars(line.usd)}</dd>
            </div>
          ))}
        </dl>
      )}
    </details>
  )
}

/** The cost in one sentence. */
export function summaryOf({ usd, isRehearsed, why }: CostView): string {
  if (isRehearsed) {
    const nothing = 'Nothing is paid at the sandbox'
    if (usd === null) return `${nothing}. What it would have cost is not known: ${why ?? 'no cost was worked out.'}`
    return `${nothing}; at the prices on record this would have cost ${dollars(usd)}.`
  }
  if (usd === null) return `Not known: ${why ?? 'no cost was worked out.'}`
  return `${dollars(usd)} in all.`
}
