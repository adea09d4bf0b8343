'use client'
import { EyeOff, FlagTriangleRight, FlaskConical, type LucideIcon, Scale, Send, UserRound } from 'lucide-react'
import type { ReactNode } from 'react'
import { Countdown } from '@/components/job/countdown'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { PlainText } from '@/components/ui/plain-text'
import { Time } from '@/components/ui/time'
import type { JobView, ReviewView } from '@/lib/jobs/view'
import { type Command, commandInfo } from '@/lib/lifecycle/table'
import type { PresenceView } from '@/lib/review/view'

export type RoundFactsProps = {
  job: JobView
  round: ReviewView
  personId: string
  presence: PresenceView | null
  /** Brings it back from where it was put away; absent for somebody who may not. */
  onEndSnooze?: () => void
}

const RISKS = ['', 'Raised risk', 'High risk']

/** Why it asks for what it asks for, who holds it, who looks at it, and what has been decided so far. */
export function RoundFacts({ job, round, personId, presence, onEndSnooze }: RoundFactsProps) {
  const { policy, delivery } = round
  return (
    <div className="flex flex-col gap-2">
      <ul className="flex flex-col gap-1 text-muted">
        {(policy.isSample || round.risk > 0 || round.escalatedAt !== null) && (
          <li className="flex flex-wrap gap-1.5">
            {policy.isSample && (
              <Badge tone="informative">
                <FlaskConical aria-hidden /> Sample
              </Badge>
            )}
            {round.risk > 0 && <Badge tone={round.risk > 1 ? 'danger' : 'attention'}>{RISKS[round.risk]}</Badge>}
            {round.escalatedAt !== null && (
              <Badge tone="danger">
                <FlagTriangleRight aria-hidden /> Escalated <Time value={round.escalatedAt} />
              </Badge>
            )}
          </li>
        )}
        <Line icon={Scale}>
          <bdi>{policy.reason ?? round.reason}</bdi> {approvalWords(round)}
          {policy.requesterMayApprove ? '' : ' Whoever asked for it may not approve it.'}
        </Line>
        {policy.changed !== null && <Line icon={Scale}>{policy.changed}</Line>}
        {policy.blind && (
          <Line icon={EyeOff}>
            {round.isHidden
              ? 'This round is blind: others have been here, and what they did is shown once it is over.'
              : 'This round is blind: what others decide and mark is shown once it is over.'}
          </Line>
        )}
        {delivery !== null && (
          <Line icon={Send}>
            {DELIVERY_WORDS[delivery.kind] ?? 'Goes to'}{' '}
            <bdi className="font-medium text-ink wrap-anywhere">
              <PlainText>
                {delivery.kind === 'by_hand' ? delivery.destination.replace(/\.$/, '') : delivery.destination}
              </PlainText>
            </bdi>
            , once it is approved.
          </Line>
        )}
        <Holders round={round} personId={personId} presence={presence} />
      </ul>
      {round.deliveryProblem !== null && (
        <Callout tone="danger" title="It cannot be sent as it stands">
          <p>{round.deliveryProblem}</p>
        </Callout>
      )}
      {round.snooze !== null && (
        <Callout
          title="Put away for now"
          actions={
            onEndSnooze && (
              <Button size="sm" onClick={onEndSnooze}>
                Bring it back
              </Button>
            )
          }
        >
          <p>
            Until <Time value={round.snooze.until} format="clock" />
            {round.snooze.by !== null && <>, by {round.snooze.by.name}</>}
            {round.snooze.note !== null && (
              <>
                : <bdi>{round.snooze.note}</bdi>
              </>
            )}
          </p>
        </Callout>
      )}
      <Decided job={job} round={round} />
    </div>
  )
}

const DELIVERY_WORDS: Record<string, string> = {
  http: 'Sent to',
  email: 'Sent by e-mail to',
  file: 'Written to',
  by_hand: 'Handed over by a person:',
}

function approvalWords({ approvalsNeeded, approvalsGiven, policy }: ReviewView): string {
  if (approvalsNeeded <= 1) return ''
  const inOrder = policy.roles.length > 0 ? ` In this order: ${policy.roles.join(', then ')}.` : ''
  const given =
    approvalsGiven === null
      ? `${approvalsNeeded} people decide.`
      : `${approvalsGiven} of ${approvalsNeeded} approvals given.`
  return given + inOrder
}

function Line({ icon: Icon, children }: { icon: LucideIcon; children: ReactNode }) {
  return (
    <li className="flex gap-2">
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-faint" />
      <span className="min-w-0 wrap-anywhere">{children}</span>
    </li>
  )
}

function Holders({ round, personId, presence }: Pick<RoundFactsProps, 'round' | 'personId' | 'presence'>) {
  const mine = round.claims.find(({ by }) => by.id === personId)
  const others = round.claims.filter(({ by }) => by.id !== personId)
  return (
    <>
      {mine !== undefined && (
        <Line icon={UserRound}>
          <span className="font-medium text-ink">You hold it.</span> It frees itself in{' '}
          <Countdown until={presence?.leaseUntil ?? mine.until} over="a moment" />, unless you work on.
        </Line>
      )}
      {others.map(({ by, until }) => (
        <Line key={by.id} icon={UserRound}>
          <bdi className="font-medium text-ink">{by.name}</bdi> holds it, for{' '}
          <Countdown until={until} over="no longer" /> unless they work on.
        </Line>
      ))}
      {round.assignee !== null && (
        <Line icon={UserRound}>
          Assigned to {round.assignee.id === personId ? 'you' : <bdi>{round.assignee.name}</bdi>}.
        </Line>
      )}
    </>
  )
}

/** What somebody did, after their name. */
const DID: Partial<Record<Command, string>> = {
  approve: 'approved',
  endorse: 'approved',
  uphold: 'upheld it',
  retry: 'asked for changes',
  abandon: 'abandoned it',
  revise: 'edited it',
  answer: 'answered the call',
}

/** What was decided in this round, and in the one before where it was reopened. */
function Decided({ job, round }: { job: JobView; round: ReviewView }) {
  const before = round.openedBy === 'hold' ? [] : job.reviews.filter(({ number }) => number < round.number)
  const decisions = [...before, round].flatMap((one) => one.decisions)
  if (decisions.length === 0) return null
  return (
    <ul aria-label="Decided so far" className="flex flex-col gap-1 border-l-2 border-line pl-3 text-muted">
      {decisions.map(({ seq, command, by, at, because, note, voidedAt }) => (
        <li key={seq} className="wrap-anywhere">
          <bdi className="font-medium text-ink">{by.name}</bdi>{' '}
          {DID[command] ?? `gave “${commandInfo(command).label ?? command}”`} <Time value={at} />
          {voidedAt !== null && ' (no longer counts)'}
          {because !== null && <>. {because}</>}
          {note !== null && (
            <span dir="auto" className="block whitespace-pre-wrap">
              “{note.slice(0, 500)}”
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}
