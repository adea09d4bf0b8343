'use client'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import type { FieldError } from '@/components/schema-form/values'
import type { CreateJob, Problem } from '@/lib/jobs/view'
import { askOf, type Filled, placedErrors, withoutErrorsAt } from './ask'
import { ready } from './uploads'

/** Starts a job. `submissionKey`: the same key and the same asking make one job, however often they are sent. */
export type SubmitJob = (
  ask: CreateJob,
  submissionKey: string,
) => Promise<{ ok: true; number: number } | { ok: false; problem: Problem }>

/** Why the last sending made no job that is known of. */
export type Refusal =
  /** Seen here, before anything was sent: at these places. What is wrong there is read off the form as it stands. */
  | { kind: 'incomplete'; pointers: readonly string[] }
  /** The server's answer. */
  | { kind: 'problem'; title: string; detail: string | null; errors: readonly FieldError[] }
  /** There is no network, so nothing was sent. */
  | { kind: 'offline' }
  /** No answer: nobody here knows whether the job was made. */
  | { kind: 'no_answer' }
  /** The same form was sent before with other contents, and made a job: only a new key can start what stands here. */
  | { kind: 'sent_before' }

export type Submission = {
  isSending: boolean
  refusal: Refusal | null
  /** How many there were: it counts no refusal that only lost what was forgiven. */
  refusals: number
  refuse: (pointers: readonly string[]) => void
  send: (filled: Filled, submissionKey: string) => Promise<void>
  /** Takes away what the server said of places that have been changed since. */
  forgive: (pointers: readonly string[]) => void
}

const MISMATCH = 'urn:holdpoint:problem:idempotency-mismatch'

/** Sends the form, and keeps what came back. `onMade`: the job exists. */
export function useSubmission(submitJob: SubmitJob, onMade: () => void): Submission {
  const router = useRouter()
  const [isSending, setSending] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const [refusals, setRefusals] = useState(0)

  function refused(by: Refusal) {
    setRefusal(by)
    setRefusals((before) => before + 1)
  }

  async function send(filled: Filled, submissionKey: string) {
    if (!navigator.onLine) return refused({ kind: 'offline' })
    setSending(true)
    setRefusal(null)
    const answer = await submitJob(askOf(filled), submissionKey).catch(() => null)
    if (answer?.ok) {
      onMade()
      // Stays "Starting…" until the job's page is there.
      router.push(`/jobs/${answer.number}`)
      return
    }
    setSending(false)
    refused(answer === null ? { kind: 'no_answer' } : refusalOf(answer.problem, filled))
  }

  return {
    isSending,
    refusal,
    refusals,
    refuse: (pointers) => refused({ kind: 'incomplete', pointers }),
    send,
    forgive: (pointers) => setRefusal((before) => (before === null ? null : forgiven(before, pointers))),
  }
}

function refusalOf(problem: Problem, { uploads }: Filled): Refusal {
  if (problem.type === MISMATCH) return { kind: 'sent_before' }
  const errors = placedErrors(problem, ready(uploads))
  // The detail repeats the errors: where they have places, they are enough.
  if (errors.length > 0) return { kind: 'problem', title: countWords(errors.length), detail: null, errors }
  return { kind: 'problem', title: problem.title, detail: problem.detail, errors }
}

function forgiven(refusal: Refusal, pointers: readonly string[]): Refusal | null {
  if (refusal.kind !== 'problem') return refusal
  const errors = withoutErrorsAt(refusal.errors, pointers)
  if (errors.length === refusal.errors.length) return refusal
  return errors.length === 0 ? null : { ...refusal, title: countWords(errors.length), errors }
}

/** How many things must be seen to, in words. */
export function countWords(count: number): string {
  return count === 1 ? 'One thing stands in the way' : `${count} things stand in the way`
}
