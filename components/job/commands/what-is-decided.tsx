'use client'
import { CircleAlert } from 'lucide-react'
import { Countdown } from '@/components/job/countdown'
import { sliceText } from '@/components/job/slice-text'
import { Callout } from '@/components/ui/callout'
import { CopyButton } from '@/components/ui/copy-button'
import { PlainText } from '@/components/ui/plain-text'
import { Time } from '@/components/ui/time'
import type { JobView } from '@/lib/jobs/view'
import { type Command, commandInfo } from '@/lib/lifecycle/table'
import { openRound } from './command-ask'
import { WhatReopeningDoes, WhatWasSent, WhyItSettled } from './reopen-facts'

/** What a decision rests on and is bound to, in sight where it is taken. */
export function WhatIsDecided({ command, job }: { command: Command; job: JobView }) {
  if (command === 'approve' || command === 'uphold') {
    return (
      <>
        <Weaknesses job={job} />
        <Bound job={job} />
        {command === 'uphold' && <EarlierDecisions job={job} />}
      </>
    )
  }
  if (command === 'reopen') {
    return (
      <>
        <WhyItSettled job={job} />
        <EarlierDecisions job={job} />
        <WhatWasSent job={job} />
        <WhatReopeningDoes job={job} />
      </>
    )
  }
  if (command === 'undo' && job.undoUntil !== null) {
    return (
      <p className="text-muted">
        It can be taken back for <Countdown until={job.undoUntil} over="no time" /> more.
      </p>
    )
  }
  return null
}

/** So many statements without support are named; all of them stand on the page. */
const NAMED = 5

/**
 * Checks that failed, statements that nothing carries, and those that this person marked against. Approving over them
 * is possible, and must be meant.
 */
function Weaknesses({ job }: { job: JobView }) {
  const round = openRound(job)
  const passedOver = new Set(round?.doubtful)
  // What this person found supported is no weakness to them.
  const bare = job.evidence.filter(({ support, index }) => support === 'none' && (!round || passedOver.has(index)))
  const marked = job.evidence.filter(({ support, index }) => support !== 'none' && passedOver.has(index))
  // The check on claims says only how many; below they are named.
  const failed = job.checks.filter((check) => check.outcome === 'fail' && (check.key !== 'claims' || bare.length === 0))
  if (failed.length === 0 && bare.length === 0 && marked.length === 0) return null
  const only = bare.length === 1 ? bare[0] : undefined
  const words = ({ text }: { text: string }) => (
    <>
      <PlainText>{sliceText(text, 200)}</PlainText>
      {text.length > 200 && '…'}
    </>
  )
  return (
    <Callout tone="attention" title="Before you accept it" icon={CircleAlert}>
      <ul className="mt-1 list-disc pl-4">
        {failed.map((check) => (
          <li key={check.key}>
            Failed: {check.label}. {check.detail}
          </li>
        ))}
        {only !== undefined && (
          <li>
            Nothing in the documents carries: <bdi>“{words(only)}”</bdi>
          </li>
        )}
        {bare.length > 1 && (
          <li>
            Nothing in the documents carries {bare.length} statements:
            <ul className="mt-1 flex flex-col gap-1 border-l-2 border-attention/50 pl-3">
              {bare.slice(0, NAMED).map((claim) => (
                <li key={claim.index} dir="auto" className="wrap-anywhere">
                  {words(claim)}
                </li>
              ))}
              {bare.length > NAMED && <li>And {bare.length - NAMED} more.</li>}
            </ul>
          </li>
        )}
        {marked.slice(0, NAMED).map((claim) => (
          <li key={claim.index}>
            You marked it as contradicted or not verifiable: <bdi>“{words(claim)}”</bdi>
          </li>
        ))}
        {marked.length > NAMED && <li>And {marked.length - NAMED} more that you marked so.</li>}
      </ul>
    </Callout>
  )
}

function Bound({ job }: { job: JobView }) {
  if (job.result === null) return null
  return (
    <div className="text-sm text-muted">
      <p>
        Bound to exactly this result, of attempt {job.result.attempt}: if it changes before you press, nothing is
        decided.
      </p>
      <p className="mt-1 flex items-start gap-1">
        <code className="min-w-0 break-all">
          <span className="sr-only">SHA-256 </span>
          {job.result.hash}
        </code>
        <CopyButton value={job.result.hash} label="Copy the hash of the result" className="-my-1 h-6 w-6 shrink-0" />
      </p>
    </div>
  )
}

function EarlierDecisions({ job }: { job: JobView }) {
  const decisions = job.reviews.flatMap((round) =>
    round.decisions.map((decision) => ({ ...decision, round: round.number })),
  )
  return (
    <section aria-labelledby="decided-before">
      <h3 id="decided-before" className="text-sm font-medium text-muted">
        What was decided before
      </h3>
      {decisions.length === 0 && (
        <p>No person has decided on it. {job.state === 'completed' && 'It was accepted by policy.'}</p>
      )}
      <ul>
        {decisions.map((decision) => (
          <li key={`${decision.round} ${decision.at} ${decision.command}`} className="mt-1 border-l-2 border-line pl-3">
            <p>
              <bdi>{whatWasDone(job, decision)}</bdi>, <Time value={decision.at} format="exact" />
              {decision.voidedAt !== null && <span className="text-muted"> (taken back)</span>}
            </p>
            {decision.resultHash !== null && (
              <p className="text-sm text-muted">
                On exactly the result with the hash{' '}
                <code title={decision.resultHash}>{decision.resultHash.slice(0, 12)}</code>
                {decision.resultHash === job.result?.hash
                  ? ', which is the one shown.'
                  : ', which is another one than is shown.'}
              </p>
            )}
            {decision.note !== null && (
              <p dir="auto" className="whitespace-pre-wrap text-muted">
                “{decision.note}”
              </p>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The words of the history, without their full stop; else who it was, and the name of the command. */
function whatWasDone(
  { events }: JobView,
  { at, command, by }: JobView['reviews'][number]['decisions'][number],
): string {
  const event = events.find((other) => other.at === at && other.command === command)
  return event?.sentence.replace(/\.$/, '') ?? `${by.name}: ${commandInfo(command).label ?? command}`
}
