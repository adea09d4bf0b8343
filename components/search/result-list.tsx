'use client'
import Link from 'next/link'
import type { KeyboardEvent } from 'react'
import { Marked } from '@/components/search/marked'
import { Time } from '@/components/ui/time'
import type { Match, MatchPlace, SearchItem } from '@/lib/search/view'
import { JobTitle } from '../jobs/job-title'
import { ProviderMark } from '../jobs/provider-mark'
import { JobStateMark } from '../jobs/state-mark'

export const PLACE_WORDS: Record<MatchPlace, string> = {
  title: 'Title',
  reference: 'Reference',
  requester: 'Asked for by',
  code: 'Error code',
  input: 'Input',
  result: 'Result',
  note: 'Note',
  delivery: 'Delivery',
  document: 'Document',
}

/** What was found: each job with where it matched. Arrow keys go from one to the next while one has focus. */
export function ResultList({ items, label }: { items: readonly SearchItem[]; label: string }) {
  return (
    <ol aria-label={label} onKeyDown={stepThrough} className="overflow-clip rounded-md border border-line bg-surface">
      {items.map((item) => (
        <li
          key={item.job.id}
          className="grid grid-cols-[1fr_auto] gap-x-3 gap-y-1 border-b border-line px-3 py-2.5 -outline-offset-2 outline-accent last:border-b-0 hover:bg-hover has-[[data-result]:focus-visible]:outline-2 md:grid-cols-[9.25rem_1fr_auto] md:px-4"
        >
          <Result {...item} />
        </li>
      ))}
    </ol>
  )
}

function Result({ job, title, matches }: SearchItem) {
  const isPlain = !title.some(({ hit }) => hit)
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 md:flex-col md:items-start md:pt-px">
        <JobStateMark state={job.state} />
        <ProviderMark status={job.providerStatus} />
      </div>
      <div className="min-w-0 max-md:col-span-2 max-md:row-start-2">
        <Link
          href={`/jobs/${job.number}`}
          prefetch={false}
          dir="auto"
          data-result
          className="block text-left font-medium wrap-anywhere outline-none hover:underline"
        >
          {isPlain ? <JobTitle title={job.title} /> : <Marked pieces={title} />}
        </Link>
        <p className="text-xs text-muted wrap-anywhere">
          <span className="font-mono">#{job.number}</span> · {job.workflow.name} v{job.workflow.version} ·{' '}
          {job.requester?.name ?? 'a service'}
          {job.reference !== null && !matches.some((match) => match.in === 'reference') && <> · {job.reference}</>}
          {job.failure?.code != null && !matches.some((match) => match.in === 'code') && (
            <>
              {' '}
              · <span className="font-mono">{job.failure.code}</span>
            </>
          )}
        </p>
        {matches.length > 0 && (
          <ul className="mt-1 flex max-w-[80ch] flex-col gap-0.5 text-sm">
            {matches.map((match) => (
              <li key={`${match.in} ${match.name} ${match.page}`} className="wrap-anywhere">
                <Place {...match} />
                {match.pieces !== null && (
                  <bdi dir="auto" className="text-muted">
                    <Marked pieces={match.pieces} />
                  </bdi>
                )}
              </li>
            ))}
          </ul>
        )}
      </div>
      <div className="text-right text-xs whitespace-nowrap text-muted md:pt-0.5">
        <span className="sr-only">Asked for </span>
        <Time value={job.createdAt} />
      </div>
    </>
  )
}

function Place({ in: place, name, page, pieces }: Match) {
  return (
    <span className="mr-1.5 text-xs text-faint">
      {PLACE_WORDS[place]}
      {name !== null && (
        <>
          {' '}
          <bdi className="text-muted">{name}</bdi>
        </>
      )}
      {page !== null && `, page ${page}`}
      {pieces === null ? ': in a long document' : ':'}
    </span>
  )
}

function stepThrough(event: KeyboardEvent<HTMLOListElement>) {
  if (event.altKey || event.ctrlKey || event.metaKey || !(event.target instanceof HTMLElement)) return
  if (!event.target.hasAttribute('data-result')) return
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key]
  if (step === undefined) return
  const links = [...document.querySelectorAll<HTMLElement>('[data-result]')]
  const next = links[links.indexOf(event.target) + step]
  if (next === undefined) return
  event.preventDefault()
  next.focus()
}
