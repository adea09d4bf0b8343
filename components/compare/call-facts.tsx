'use client'
import type { ReactNode } from 'react'
import { durationOf } from '@/components/job/duration'
import { providerName } from '@/components/job/provider-name'
import { Time } from '@/components/ui/time'
import type { SideView } from '@/lib/compare/view'
import { dollars } from '@/lib/money/micros'

type Names = { before: string; after: string }

/** Model, tokens, cost and times of the two paid calls, line by line. */
export function CallFacts({ left, right, names }: { left: SideView; right: SideView; names: Names }) {
  const [one, other] = [left.call, right.call]
  if (left.attempt === right.attempt) {
    return (
      <p className="text-muted">
        Both rest on attempt {left.attempt}: one paid call, of {one.model}
        {one.usage !== null && `, ${one.usage.totalTokens.toLocaleString('en')} tokens`}, {costOf(one)}.
      </p>
    )
  }
  return (
    <table className="w-full table-fixed text-sm">
      <thead>
        <tr className="border-b border-line text-left text-xs text-faint">
          <th scope="col" className="w-24 py-1 pr-2 font-normal sm:w-44">
            <span className="sr-only">What</span>
          </th>
          <th scope="col" className="py-1 pr-2 font-normal">
            {names.before}
          </th>
          <th scope="col" className="py-1 font-normal">
            {names.after}
          </th>
        </tr>
      </thead>
      <tbody>
        <Line label="Model" left={<code>{one.model}</code>} right={<code>{other.model}</code>} />
        <Line label="Asked" left={providerName(one.provider)} right={providerName(other.provider)} />
        <Line
          label="OpenAI says"
          left={<code className="text-xs">{one.providerStatus}</code>}
          right={<code className="text-xs">{other.providerStatus}</code>}
        />
        {(one.continues !== null || other.continues !== null) && (
          <Line label="Goes on from" left={fromWords(one)} right={fromWords(other)} />
        )}
        <Tokens label="Input tokens" left={one.usage?.inputTokens} right={other.usage?.inputTokens} />
        <Tokens label="Output tokens" left={one.usage?.outputTokens} right={other.usage?.outputTokens} />
        <Tokens label="Tokens in all" left={one.usage?.totalTokens} right={other.usage?.totalTokens} />
        <Line label="Cost" left={costOf(one)} right={costOf(other)} />
        <Line label="Took" left={durationOf(one)} right={durationOf(other)} />
        <Line
          label="Sent"
          left={<Time value={one.sentAt} format="exact" />}
          right={<Time value={other.sentAt} format="exact" />}
        />
        <Line
          label="Finished"
          left={<Time value={one.finishedAt} format="exact" />}
          right={<Time value={other.finishedAt} format="exact" />}
        />
      </tbody>
    </table>
  )
}

function Line({ label, left, right }: { label: string; left: ReactNode; right: ReactNode }) {
  return (
    <tr className="border-b border-line align-top last:border-b-0">
      <th scope="row" className="py-1 pr-2 text-left font-normal text-muted">
        {label}
      </th>
      <td className="py-1 pr-2 tabular-nums wrap-anywhere">{left}</td>
      <td className="py-1 tabular-nums wrap-anywhere">{right}</td>
    </tr>
  )
}

function Tokens({ label, left, right }: { label: string; left: number | undefined; right: number | undefined }) {
  const more = left === undefined || right === undefined ? 0 : right - left
  return (
    <Line
      label={label}
      left={countOf(left)}
      right={
        <>
          {countOf(right)}
          {more !== 0 && (
            <span className="text-muted">
              {' '}
              ({more > 0 ? '+' : '−'}
              {Math.abs(more).toLocaleString('en')})
            </span>
          )}
        </>
      }
    />
  )
}

const countOf = (count: number | undefined) => (count === undefined ? 'not known' : count.toLocaleString('en'))
const fromWords = ({ continues }: SideView['call']) =>
  continues === null ? 'nothing: it began anew' : `attempt ${continues}`

function costOf({ cost }: SideView['call']): string {
  if (cost.usd === null) return 'cost not known'
  return cost.isRehearsed ? `${dollars(cost.usd)}, not paid at the sandbox` : dollars(cost.usd)
}
