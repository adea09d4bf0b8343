'use client'
import { ArrowLeftRight, Download } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { ProviderMark } from '@/components/jobs/provider-mark'
import { Badge } from '@/components/ui/badge'
import { buttonVariants } from '@/components/ui/button-variants'
import { EmptyState } from '@/components/ui/empty-state'
import { Hash } from '@/components/ui/hash'
import { Panel, PanelBody, PanelHeader } from '@/components/ui/panel'
import { PlainText } from '@/components/ui/plain-text'
import { Time } from '@/components/ui/time'
import type { AttemptView, JobView } from '@/lib/jobs/view'
import { durationOf } from './duration'
import { CallsMade } from './permission/calls-made'
import { ProviderCopy } from './provider-copy'
import { providerName } from './provider-name'
import { sizeOf } from './size-words'

/** Every paid call of the job, the newest first: what OpenAI said, what it cost, and why it was or was not tried again. */
export function Attempts({ job }: { job: JobView }) {
  if (job.attempts.length === 0) {
    return (
      <EmptyState
        title="Nothing was sent yet"
        hint={
          job.stop === null
            ? 'The first attempt is made as soon as its turn comes.'
            : 'Sending of its workflow stands still. The first attempt is made once a lead resumes it.'
        }
      />
    )
  }
  return (
    <ol className="flex flex-col gap-4">
      {job.attempts.map((attempt) => (
        <li key={attempt.number}>
          <Attempt attempt={attempt} job={job} />
        </li>
      ))}
    </ol>
  )
}

function Attempt({ attempt, job }: { attempt: AttemptView; job: JobView }) {
  const { number, usage, payload, continues } = attempt
  const never = wasNotTaken(attempt)
  const id = `attempt-${number}`
  const earlier = job.earlierResults.find((result) => result.attempt === number)
  const before = job.attempts.find((one) => one.number === number - 1)
  return (
    <Panel aria-labelledby={id}>
      <PanelHeader
        id={id}
        title={`Attempt ${number}`}
        actions={<ProviderMark status={attempt.providerStatus} />}
        hint={attempt.sentence ?? 'It is under way.'}
      />
      <PanelBody className="flex flex-col gap-4">
        <Failure attempt={attempt} />
        <DecidedBy version={attempt.rulesVersion} />
        <div className="grid gap-x-8 gap-y-4 md:grid-cols-3">
          <Facts title="Who and which">
            <Fact label="Asked">{providerName(attempt.provider)}</Fact>
            {continues !== null && <Fact label="Goes on from">attempt {continues}, with the answers to its calls</Fact>}
            <Fact label="Model">
              <code className="text-xs">{attempt.model}</code>
            </Fact>
            <Fact label="Response id">
              <Id value={attempt.responseId} label="response id" />
            </Fact>
            <Fact label="Request id">
              <Id value={attempt.requestId} label="request id" />
            </Fact>
            <Fact label="Request hash">
              <Hash value={attempt.requestHash} label="hash of the request" />
            </Fact>
          </Facts>
          <Facts title="When">
            <Fact label="Sent by us">
              <Time value={attempt.sentAt} format="exact" />
            </Fact>
            <Fact label="Taken by OpenAI">
              <Time value={attempt.acceptedAt} format="exact" unknown={never ? 'never: it was refused' : undefined} />
            </Fact>
            <Fact label="Finished, says OpenAI">
              <Time value={attempt.finishedAt} format="exact" unknown={never ? 'it was never begun' : undefined} />
            </Fact>
            {!never && (
              <>
                <Fact label="First seen by us">
                  <Time
                    value={attempt.seenFinalAt}
                    format="exact"
                    unknown={attempt.endedAt === null ? 'not yet' : 'no end was seen'}
                  />
                </Fact>
                <Fact label="Took">{durationOf(attempt)}</Fact>
              </>
            )}
          </Facts>
          <Facts title="Tokens and payload">
            <Fact label="Input">
              {tokens(usage?.inputTokens)}
              {usage?.cachedTokens != null &&
                usage.cachedTokens > 0 &&
                `, ${tokens(usage.cachedTokens)} of them cached`}
            </Fact>
            <Fact label="Output">
              {tokens(usage?.outputTokens)}
              {usage?.reasoningTokens != null && `, ${tokens(usage.reasoningTokens)} of them reasoning`}
            </Fact>
            <Fact label="Together">{tokens(usage?.totalTokens)}</Fact>
            <Fact label="Payload">
              {payload === null ? (
                'none was seen'
              ) : (
                <span className="flex flex-wrap items-center gap-x-2">
                  {sizeOf(payload.size)} <Hash value={payload.sha256} label="hash of the payload" />
                </span>
              )}
            </Fact>
            <Fact label="OpenAI’s copy">
              {never ? 'there is none' : <ProviderCopy until={attempt.providerCopyUntil} />}
            </Fact>
          </Facts>
        </div>
        <CallsMade attempt={number} calls={job.calls.filter((call) => call.attempt === number)} />
        {(payload !== null || earlier !== undefined || before !== undefined) && (
          <div className="flex flex-wrap items-center gap-3">
            {payload !== null && (
              <a
                href={`/api/v1/jobs/${job.id}/payload?attempt=${number}`}
                download
                className={buttonVariants({ size: 'sm' })}
              >
                <Download aria-hidden />
                Download the payload of attempt {number}
              </a>
            )}
            {before !== undefined && (
              <Link
                href={`/jobs/${job.number}/compare?left=a${before.number}&right=a${number}`}
                className={buttonVariants({ size: 'sm' })}
              >
                <ArrowLeftRight aria-hidden />
                Compare with attempt {before.number}
              </Link>
            )}
            {earlier !== undefined && (
              <p className="text-sm text-muted">Its result was replaced by a later one, and is kept.</p>
            )}
          </div>
        )}
      </PanelBody>
    </Panel>
  )
}

/** OpenAI answered that it does not take the call: there is nothing to wait for, to find or to pay. */
function wasNotTaken({ providerStatus, responseId, acceptedAt, finishedAt }: AttemptView): boolean {
  return providerStatus === 'failed' && responseId === null && acceptedAt === null && finishedAt === null
}

function Failure({ attempt }: { attempt: AttemptView }) {
  const { failureClass, failureCode, message, retry } = attempt
  if (failureClass === null) return null
  return (
    <div className="border-l-2 border-danger/60 pl-3">
      <p className="flex flex-wrap items-center gap-2">
        <Badge tone="danger">{failureClass.replaceAll('_', ' ')}</Badge>
        {failureCode !== null && <code className="text-xs text-muted">{failureCode}</code>}
      </p>
      {message !== null && (
        <p className="mt-1 wrap-anywhere">
          <span className="text-muted">In the words of {providerName(attempt.provider)}: </span>
          <PlainText>{message}</PlainText>
        </p>
      )}
      {retry !== null && (
        <p className="mt-1 text-muted">
          {retry.did ? 'Tried again by itself: ' : 'Not tried again by itself: '}
          {retry.why}
          {retry.notBefore !== null && (
            <>
              {' '}
              Not before <Time value={retry.notBefore} format="exact" />.
            </>
          )}
        </p>
      )}
    </div>
  )
}

/** Which rules said what becomes of it. */
function DecidedBy({ version }: { version: number | null }) {
  if (version === null) return null
  return (
    <p className="text-sm text-muted">
      Decided by{' '}
      <Link href={`/rules?version=${version}`} className="link">
        version {version} of the failure rules
      </Link>
      .
    </p>
  )
}

function Facts({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <h3 className="text-xs text-faint">{title}</h3>
      <dl className="mt-1 flex flex-col gap-1 text-sm">{children}</dl>
    </div>
  )
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[9rem_minmax(0,1fr)] gap-x-2 md:grid-cols-1 xl:grid-cols-[9rem_minmax(0,1fr)]">
      <dt className="text-muted">{label}</dt>
      <dd className="min-w-0 wrap-anywhere">{children}</dd>
    </div>
  )
}

function Id({ value, label }: { value: string | null; label: string }) {
  return value === null ? <>not known</> : <Hash value={value} label={label} length={20} />
}

function tokens(count: number | null | undefined): string {
  return count == null ? 'not known' : count.toLocaleString('en')
}
