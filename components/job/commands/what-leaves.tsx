'use client'
import { useQuery } from '@tanstack/react-query'
import { Send } from 'lucide-react'
import { CodeText } from '@/components/job/code-text'
import { LongText } from '@/components/job/long-text'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { CopyButton } from '@/components/ui/copy-button'
import { PlainText } from '@/components/ui/plain-text'
import { Time } from '@/components/ui/time'
import type { LeavingView } from '@/lib/review/desk-view'
import { leavingOptions } from '../queries'
import { sizeOf } from '../size-words'

const KINDS: Record<LeavingView['kind'], { leaves: string; to: string }> = {
  http: { leaves: 'Exactly this is sent, as a signed request', to: 'To' },
  email: { leaves: 'Exactly this letter is sent', to: 'To' },
  file: { leaves: 'Exactly this is written into a file', to: 'File' },
  by_hand: { leaves: 'Nothing is sent by itself. Somebody hands over exactly this', to: 'To do' },
}

/** The headers that a reader of a letter asks for; the others are part of the bytes, and of their hash. */
const READ = ['from', 'to', 'subject', 'date', 'in-reply-to']

export type WhatLeavesProps = {
  jobId: string
  /** Of the delivery: what the decision binds. */
  hash: string
  /** Not all of those who must approve have done so. */
  isLast: boolean
}

/** What leaves when this is approved, to the letter, and where to. */
export function WhatLeaves({ jobId, hash, isLast }: WhatLeavesProps) {
  const { data, errorUpdateCount, isFetching, refetch } = useQuery(leavingOptions(jobId, hash))
  if (data === undefined && errorUpdateCount === 0) {
    return (
      <p role="status" className="rounded-md border border-line bg-canvas p-3 text-muted">
        Reading what leaves…
      </p>
    )
  }
  // Also while it is tried again: the button stays, with the focus.
  if (data === undefined) {
    return (
      <Callout
        role="alert"
        tone="danger"
        title="What would leave could not be read"
        actions={
          <Button size="sm" pending={isFetching} onClick={() => void refetch()}>
            Try again
          </Button>
        }
      >
        <p>Nobody approves what they could not read, so nothing can be decided here yet.</p>
      </Callout>
    )
  }
  const { kind, destination, readable, size, sha256, stays, corrects } = data
  const words = KINDS[kind]
  const headers = (readable.headers ?? []).filter(([name]) => READ.includes(name.toLowerCase()))
  return (
    <section aria-label="What leaves" className="rounded-md border border-line-strong/55">
      <div className="flex flex-col gap-2 px-3 py-2.5">
        <p className="flex items-center gap-2 font-medium">
          <Send aria-hidden className="size-4 shrink-0 text-faint" />
          {words.leaves}
          {isLast ? ':' : ', once everybody has approved:'}
        </p>
        {corrects !== null && (
          <p className="border-l-2 border-attention/60 pl-3">
            <span className="font-medium">It corrects delivery {corrects.number}</span>, of{' '}
            <Time value={corrects.at} format="exact" />
            {kind === 'http' ? (
              <>
                : its receiver is told by <code className="text-sm wrap-anywhere">{corrects.messageId}</code>, in the
                header <code className="text-sm">holdpoint-corrects</code> and, where it goes whole, in the body.
              </>
            ) : (
              ', and says so.'
            )}
          </p>
        )}
        {stays !== null && (
          <Callout tone="attention">
            <p>{stays}</p>
          </Callout>
        )}
        <dl className="grid gap-x-4 gap-y-0.5 sm:grid-cols-[max-content_1fr]">
          {headers.length === 0 && (
            <>
              <dt className="text-faint">{words.to}</dt>
              <dd dir="auto" className="font-medium wrap-anywhere">
                <PlainText>{destination}</PlainText>
              </dd>
            </>
          )}
          {headers.map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-faint">{name}</dt>
              <dd dir="auto" className="wrap-anywhere">
                <PlainText>{value}</PlainText>
              </dd>
            </div>
          ))}
        </dl>
        {readable.isJson ? (
          <CodeText text={readable.text} className="max-h-72 overflow-y-auto" />
        ) : (
          <LongText
            text={readable.text}
            portion={4_000}
            className="max-h-72 overflow-y-auto rounded-md bg-sunken px-3 py-2"
          />
        )}
        <p className="flex items-center gap-1 text-sm text-muted">
          <span className="min-w-0 break-all">
            {sizeOf(size)}, SHA-256 <code>{sha256}</code>
          </span>
          <CopyButton value={sha256} label="Copy the hash of what leaves" className="-my-1 h-6 w-6 shrink-0" />
        </p>
      </div>
    </section>
  )
}
