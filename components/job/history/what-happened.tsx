'use client'
import Link from 'next/link'
import { useMemo } from 'react'
import { Time } from '@/components/ui/time'
import { accountOf } from '@/lib/history/account'
import type { JobView } from '@/lib/jobs/view'

/** The life of a job in a few plain sentences, each of which leads to the job as it stood when it happened. */
export function WhatHappened({ job }: { job: JobView }) {
  const parts = useMemo(() => accountOf(job), [job])
  return (
    <section aria-labelledby="what-happened" className="mb-6 max-w-[75ch]">
      <h2 id="what-happened" className="text-base font-semibold">
        What happened here
      </h2>
      <ol className="mt-2 flex flex-col gap-3">
        {parts.map(({ kind, heading, lines }) => (
          <li key={`${kind} ${lines[0]?.seq}`} className="grid gap-x-4 sm:grid-cols-[6rem_1fr]">
            <h3 className="text-sm font-medium text-muted">{heading}</h3>
            <ul className="flex min-w-0 flex-col gap-1">
              {lines.map(({ text, seq, at, note }) => (
                <li key={`${seq} ${text}`} className="wrap-anywhere">
                  <bdi>{text}</bdi>{' '}
                  <Link href={`/jobs/${job.number}/at/${seq}`} className="link text-sm whitespace-nowrap">
                    <span className="sr-only">The job as it stood at event {seq}, </span>
                    <Time value={at} format="exact" />
                  </Link>
                  {note !== null && (
                    <span dir="auto" className="block border-l-2 border-line pl-3 whitespace-pre-wrap text-muted">
                      “{note}”
                    </span>
                  )}
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ol>
    </section>
  )
}
