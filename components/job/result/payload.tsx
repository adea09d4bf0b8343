'use client'
import { Download } from 'lucide-react'
import { buttonVariants } from '@/components/ui/button-variants'
import { CopyButton } from '@/components/ui/copy-button'
import type { JobView } from '@/lib/jobs/view'
import { ProviderCopy } from '../provider-copy'
import { sizeOf } from '../size-words'

/** What exactly was received: the hash that decisions bind, our copy, and how long the provider keeps its own. */
export function Payload({ job }: { job: JobView }) {
  const attempt = job.attempts.find((one) => one.number === job.result?.attempt)
  if (job.result === null || attempt === undefined) return null
  return (
    <section aria-labelledby="payload" className="mt-6 border-t border-line pt-4">
      <h2 id="payload" className="text-sm font-medium text-muted">
        Final payload, as received
      </h2>
      <dl className="mt-2 grid gap-x-4 gap-y-1 text-sm sm:grid-cols-[max-content_1fr]">
        <dt className="text-faint">SHA-256</dt>
        <dd className="flex min-w-0 items-start gap-1">
          <code className="min-w-0 break-all text-muted">{job.result.hash}</code>
          <CopyButton value={job.result.hash} label="Copy the hash of the payload" className="-my-1 h-6 w-6 shrink-0" />
        </dd>
        <dt className="text-faint">Our copy</dt>
        <dd>is saved{attempt.payload !== null && `, ${sizeOf(attempt.payload.size)}`}</dd>
        <dt className="text-faint">OpenAI’s copy</dt>
        <dd>
          <ProviderCopy until={attempt.providerCopyUntil} />
        </dd>
      </dl>
      {attempt.payload !== null && (
        <a
          href={`/api/v1/jobs/${job.id}/payload?attempt=${attempt.number}`}
          download
          className={buttonVariants({ size: 'sm', className: 'mt-3' })}
        >
          <Download aria-hidden />
          Download the payload
        </a>
      )}
    </section>
  )
}
