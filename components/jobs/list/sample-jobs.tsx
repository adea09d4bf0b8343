'use client'
import { FileText } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { randomKey } from '@/components/new-job/random-key'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { LinkButton } from '@/components/ui/link-button'

export type SampleCard = {
  key: string
  title: string
  /** What is worth looking at, in a sentence. */
  blurb: string
  /** Name of its workflow. */
  workflow: string
  documents: readonly { name: string; description: string; href: string }[]
}
/** `submissionKey`: the same key and the same sample make one job, however often they are sent. */
export type StartSample = (key: string, submissionKey: string) => Promise<{ number: number } | { error: string }>

/** What an empty list offers: a job over documents that came with Holdpoint, one press away. */
export function SampleJobs(props: { samples: readonly SampleCard[]; startSample: StartSample; mayCreate: boolean }) {
  const { samples, startSample, mayCreate } = props
  const router = useRouter()
  const [submissionKey] = useState(randomKey)
  const [starting, setStarting] = useState<string | null>(null)
  const [error, setError] = useState<string | null>(null)

  async function start(key: string) {
    setStarting(key)
    setError(null)
    const outcome = await startSample(key, submissionKey).catch(() => ({
      error: 'The server did not answer. Nothing may have been started: look at the list before you try again.',
    }))
    if ('number' in outcome) return router.push(`/jobs/${outcome.number}`)
    setStarting(null)
    setError(outcome.error)
  }

  return (
    <section aria-labelledby="no-jobs" className="mx-auto w-full max-w-3xl py-8">
      <h2 id="no-jobs" className="text-lg">
        No jobs yet
      </h2>
      {mayCreate ? (
        <p className="mt-1 max-w-[65ch] text-muted">
          Start one over documents of your own, or try a sample: its documents come with Holdpoint, and its result is
          read and decided on like any other.
        </p>
      ) : (
        <p className="mt-1 max-w-[65ch] text-muted">
          Jobs appear here as soon as somebody starts one. Your roles let you read and decide, not start jobs.
        </p>
      )}
      {error !== null && (
        <Callout tone="danger" role="alert" title="The sample was not started" className="mt-4">
          {error}
        </Callout>
      )}
      {mayCreate && (
        <>
          <ul className="mt-5 grid gap-px overflow-hidden rounded-md border border-line bg-line sm:grid-cols-2">
            {samples.map((sample) => (
              <li key={sample.key} className="flex flex-col gap-2 bg-surface p-4 sm:last:odd:col-span-2">
                <div className="flex-1">
                  <h3 className="text-base">{sample.title}</h3>
                  <p className="mt-0.5 text-muted">{sample.blurb}</p>
                  <p className="mt-1.5 flex flex-wrap gap-x-3 text-xs text-muted">
                    {sample.documents.map(({ name, description, href }) => (
                      <a key={name} href={href} title={description} className="link flex min-h-6 items-center gap-1">
                        <FileText aria-hidden className="size-3.5 text-faint" />
                        {name}
                      </a>
                    ))}
                  </p>
                </div>
                <Button
                  className="self-start"
                  onClick={() => start(sample.key)}
                  disabled={starting !== null && starting !== sample.key}
                  pending={starting === sample.key}
                  pendingLabel="Starting…"
                >
                  Start {sample.workflow.toLowerCase()}
                  <span className="sr-only">: {sample.title}</span>
                </Button>
              </li>
            ))}
          </ul>
          <LinkButton href="/jobs/new" variant="ghost" className="mt-3 -ml-3">
            Start a job of your own
          </LinkButton>
        </>
      )}
    </section>
  )
}
