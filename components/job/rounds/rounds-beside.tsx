'use client'
import Link from 'next/link'
import { Hash } from '@/components/ui/hash'
import { Panel, PanelBody, PanelHeader } from '@/components/ui/panel'
import { Time } from '@/components/ui/time'
import { whatLeft } from '@/lib/jobs/delivery-words'
import type { JobView, ReviewView } from '@/lib/jobs/view'
import { type Command, commandInfo } from '@/lib/lifecycle/table'
import { WAYS } from '../deliveries/delivery-facts'
import { Destination } from '../deliveries/destination'

/** Of a job that was reopened: the round before, as it was decided, beside the one that is open now. */
export function RoundsBeside({ job }: { job: JobView }) {
  const now = job.reviews.find(({ closedAt }) => closedAt === null)
  if (now === undefined || now.openedBy === 'hold') return null
  const before = job.reviews.filter(({ number, kind }) => number < now.number && kind === 'result').at(-1)
  return (
    <Panel aria-labelledby="rounds-beside" className="mt-4">
      <PanelHeader
        id="rounds-beside"
        title="The round before, and this one"
        hint={before === undefined ? undefined : 'What was decided before can be read, and is changed by nothing.'}
      />
      <div className="grid divide-y divide-line md:grid-cols-2 md:divide-x md:divide-y-0">
        {before === undefined ? <AcceptedByPolicy job={job} /> : <Round job={job} round={before} title="Before" />}
        <Round job={job} round={now} title="Now" />
      </div>
    </Panel>
  )
}

function AcceptedByPolicy({ job }: { job: JobView }) {
  const accepted = job.events.findLast(({ command }) => command === 'accept')
  return (
    <PanelBody>
      <h3 className="font-medium">Before</h3>
      <p>
        No person had decided on it.
        {accepted !== undefined && (
          <>
            {' '}
            {accepted.sentence} <AsItStood job={job} seq={accepted.seq} />
          </>
        )}
      </p>
    </PanelBody>
  )
}

/** What somebody did, after their name. */
const DID: Partial<Record<Command, string>> = {
  approve: 'approved it',
  endorse: 'approved it',
  uphold: 'upheld it',
  retry: 'asked for another attempt',
  abandon: 'abandoned it',
}

const VERDICTS = { supported: 'supported', contradicted: 'contradicted', not_verifiable: 'not verifiable' } as const

function Round({ job, round, title }: { job: JobView; round: ReviewView; title: string }) {
  const { number, reason, policy, openedAt, closedAt, outcome, decisions, marks, resultHash, approvalsNeeded } = round
  const closing = job.events.findLast(
    ({ round: of, from, to }) => of === number && from !== to && from === 'awaiting_review',
  )
  const sent = job.deliveries.filter((delivery) => delivery.round === number)
  return (
    <PanelBody className="flex min-w-0 flex-col gap-2">
      <h3 className="font-medium">
        {title}: round {number}
        {outcome !== null && (
          <span className="font-normal text-muted">, closed by “{commandInfo(outcome).label ?? outcome}”</span>
        )}
      </h3>
      <dl className="grid gap-x-3 gap-y-1 text-sm sm:grid-cols-[max-content_1fr]">
        <Fact label="Opened">
          <Time value={openedAt} format="exact" />. <bdi>{reason}</bdi>
        </Fact>
        {closedAt !== null && (
          <Fact label="Closed">
            <Time value={closedAt} format="exact" />
          </Fact>
        )}
        <Fact label="Asks for">
          <bdi>{policyWords(approvalsNeeded, policy)}</bdi>
        </Fact>
        {resultHash !== null && (
          <Fact label="On the result">
            <Hash value={resultHash} label={`hash of the result of round ${number}`} length={12} />
          </Fact>
        )}
        {marks.length > 0 && (
          <Fact label="Marks">
            {marks.map(({ claim, verdict, by }) => (
              <span key={`${claim} ${by.id}`} className="block">
                Claim {claim + 1}: {VERDICTS[verdict]}, by <bdi>{by.name}</bdi>
              </span>
            ))}
          </Fact>
        )}
        {sent.map((delivery) => (
          <Fact key={delivery.id} label={`Delivery ${delivery.number}`}>
            {whatLeft(delivery) ?? 'Has not left:'} {WAYS[delivery.kind]} <Destination {...delivery} />
          </Fact>
        ))}
      </dl>
      {decisions.length === 0 ? (
        <p className="text-sm text-muted">Nobody has decided in it{closedAt === null ? ' yet' : ''}.</p>
      ) : (
        <ul aria-label={`Decisions of round ${number}`} className="flex flex-col gap-1">
          {decisions.map(({ seq, command, by, at, because, note, voidedAt }) => (
            <li key={seq} className="border-l-2 border-line pl-3 text-sm wrap-anywhere">
              <bdi className="font-medium">{by.name}</bdi>{' '}
              {DID[command] ?? `gave “${commandInfo(command).label ?? command}”`}, <Time value={at} format="exact" />
              {voidedAt !== null && ' (no longer counts)'}
              {because !== null && <>. {because}</>}
              {note !== null && (
                <span dir="auto" className="block whitespace-pre-wrap text-muted">
                  “{note.slice(0, 500).toWellFormed()}”
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      {closing !== undefined && closing.seq > 1 && (
        <p className="text-sm">
          <Link href={`/jobs/${job.number}/at/${closing.seq - 1}`} className="link">
            See what was decided on, with its evidence
          </Link>{' '}
          as it stood just before.
        </p>
      )}
    </PanelBody>
  )
}

function AsItStood({ job, seq }: { job: JobView; seq: number }) {
  return (
    <Link href={`/jobs/${job.number}/at/${seq}`} className="link">
      See it as it stood.
    </Link>
  )
}

function policyWords(approvals: number, { roles, blind, requesterMayApprove, reason }: ReviewView['policy']): string {
  const people = approvals === 1 ? 'One approval' : `${approvals} different people`
  const inOrder = roles.length === 0 ? '' : `, in this order: ${roles.join(', then ')}`
  const unseen = blind ? ', unseen by each other' : ''
  const own = requesterMayApprove ? '' : ' Whoever asked for it may not approve it.'
  return `${people}${inOrder}${unseen}.${own}${reason === null ? '' : ` ${reason}`}`
}

function Fact({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className="contents">
      <dt className="text-faint">{label}</dt>
      <dd className="min-w-0 wrap-anywhere">{children}</dd>
    </div>
  )
}
