'use client'
import type { Ref } from 'react'
import { buttonVariants } from '@/components/ui/button-variants'
import { cn } from '@/components/ui/cn'
import { Remark } from '@/components/ui/remark'
import { Time } from '@/components/ui/time'
import type { JobView } from '@/lib/jobs/view'
import type { NextActionKind } from '@/lib/lifecycle/next-action'
import type { Command } from '@/lib/lifecycle/table'
import { openRound } from './commands/command-ask'
import { CommandBar } from './commands/command-bar'
import type { GiveJobCommand } from './commands/use-give'
import { Countdown } from './countdown'
import { AlreadySent } from './deliveries/already-sent'
import { HeartbeatLine } from './heartbeat-line'
import { LostAnswer } from './lost-answer'
import { Overdue } from './overdue'
import { Permission, type PermissionProps } from './permission/permission'
import { sliceText } from './slice-text'
import { whatIsNext } from './what-is-next'

/** Whether a person must do something now: only then is there colour. */
const looks: Record<NextActionKind, string> = {
  resolve_unknown: 'border-attention/60',
  look_into_trouble: 'border-attention/60',
  answer_permission: 'border-attention/60',
  decide: 'border-attention/60',
  retry_or_abandon: 'border-danger/50',
  wait_backoff: 'border-line',
  wait_send: 'border-line',
  wait_run: 'border-line',
  wait_resume: 'border-attention/60',
  none: 'border-line',
  settle_delivery: 'border-danger/50',
  hand_over: 'border-attention/60',
  wait_deliver: 'border-line',
}

export type NextActionProps = Pick<PermissionProps, 'answers' | 'onAnswers'> & {
  job: JobView
  /** Takes focus after a command took effect. */
  headingRef: Ref<HTMLHeadingElement>
  commands: readonly Command[]
  onCommand: (command: Command) => void
  /** This person is told of stopped queues at the top of every page, and resumes them there. */
  mayResume: boolean
  giveJobCommand: GiveJobCommand
  /** Answers to calls took effect. */
  onAnswered: () => void
  /** As it stood at a moment: nothing of it is watched. */
  isPast?: boolean
}

/** What must be done, by whom, by when, and what happens otherwise, with what this person can do about it. */
export function NextAction(props: NextActionProps) {
  const { job, headingRef, commands, onCommand, mayResume, answers, onAnswers, giveJobCommand } = props
  const { onAnswered, isPast = false } = props
  const { kind } = job.nextAction
  const lost = kind === 'resolve_unknown'
  // What has its choices below gets no second button above them.
  const inBar = commands.filter((command) => (lost ? command === 'comment' : command !== 'answer'))
  return (
    <section aria-labelledby="next-action" className={cn('rounded-md border bg-surface', looks[kind])}>
      <AlreadySent job={job} className="m-3 mb-0" />
      <div className="flex flex-wrap items-center gap-x-6 gap-y-3 px-4 py-3">
        <div className="min-w-0 flex-1 basis-80">
          <h2 id="next-action" ref={headingRef} tabIndex={-1} className="text-lg font-semibold">
            {whatIsNext(job)}
          </h2>
          <Who job={job} commands={commands} mayResume={mayResume} />
          <Why job={job} />
          {ABOUT_DELIVERIES.includes(kind) && <HowItEnded job={job} />}
          {job.state === 'running' && !isPast && <HeartbeatLine jobId={job.id} />}
        </div>
        <ToTheDelivery job={job} />
        <CommandBar commands={inBar} kind={kind} onCommand={onCommand} />
      </div>
      {lost && <LostAnswer job={job} commands={commands} onCommand={onCommand} />}
      <Permission
        job={job}
        commands={commands}
        answers={answers}
        onAnswers={onAnswers}
        giveJobCommand={giveJobCommand}
        onDone={onAnswered}
      />
    </section>
  )
}

/** What answers a next action. To retry is a way out of most, but whoever can do no more was not asked to decide. */
const ANSWERS: Partial<Record<NextActionKind, readonly Command[]>> = {
  resolve_unknown: ['wait', 'retry', 'abandon'],
  look_into_trouble: ['retry', 'abandon'],
  answer_permission: ['answer'],
  decide: ['approve', 'uphold'],
  retry_or_abandon: ['retry', 'abandon'],
  settle_delivery: ['redeliver', 'withdraw', 'confirm'],
  hand_over: ['confirm'],
}

/** They are answered beside the delivery that they are about. */
const ABOUT_DELIVERIES: readonly NextActionKind[] = ['settle_delivery', 'hand_over', 'wait_deliver']

/** Leads to the delivery that asks for somebody. */
function ToTheDelivery({ job }: { job: JobView }) {
  const { kind } = job.nextAction
  if (kind !== 'settle_delivery' && kind !== 'hand_over') return null
  const states = kind === 'settle_delivery' ? ['failed', 'unknown'] : ['pending']
  const asking = job.deliveries.findLast(({ state }) => states.includes(state))
  if (asking === undefined) return null
  return (
    <a href={`#delivery-${asking.number}`} className={buttonVariants()}>
      Go to the delivery
    </a>
  )
}

type WhoProps = { job: JobView; commands: readonly Command[]; mayResume: boolean }

/** Who must act, by when, and what happens otherwise. */
export function Who({ job, commands, mayResume }: WhoProps) {
  const { dueAt, otherwise, kind } = job.nextAction
  const given = ABOUT_DELIVERIES.includes(kind) ? job.allowedCommands : commands
  const mine = given.some((command) => ANSWERS[kind]?.includes(command))
  const who = whoOf(job.nextAction.who, mine)
  if (kind === 'none') return <HowItEnded job={job} />
  if (kind === 'wait_resume') {
    return (
      <p className="text-muted">
        {mayResume
          ? 'You, as a lead, with “Resume…” at the top of this page. Nothing is lost, and its deadline waits too.'
          : 'A lead. You have nothing to do.'}
      </p>
    )
  }
  if (dueAt === null)
    return <p className="text-muted">{who === 'Nobody' ? 'Nobody has to do anything.' : `${who.replace(/,$/, '')}.`}</p>
  if (kind === 'wait_backoff') {
    return (
      <p className="text-muted">
        Nobody has to do anything. Next try <Time value={dueAt} />.
      </p>
    )
  }
  return (
    <p className="text-muted">
      {who === 'Nobody' ? 'Nobody has to do anything' : who}
      {who === 'Nobody' ? '; deadline ' : ' by '}
      <Time value={dueAt} format="clock" className="font-medium text-ink" /> (<Time value={dueAt} />
      <Overdue at={dueAt} />)
      {otherwise === null ? '.' : who === 'Nobody' ? `, then ${otherwise}.` : `. If nobody does, ${otherwise}.`}
    </p>
  )
}

/** What happens to a settled job without settling it: talk, and what becomes of its deliveries. */
const SINCE: readonly Command[] = [
  'comment',
  'dispatch',
  'delivered',
  'undelivered',
  'redeliver',
  'withdraw',
  'confirm',
]

/** What settled it, in the words of the history, with the note that came with it. */
function HowItEnded({ job }: { job: JobView }) {
  const last = job.events.findLast((event) => !SINCE.includes(event.command))
  return (
    <>
      <p className="text-muted">
        <bdi>{(last?.sentence ?? 'Settled.').replace(/\.$/, '')}</bdi>, <Time value={last?.at ?? job.settledAt} />.
        {job.undoUntil !== null && job.allowedCommands.includes('undo') && (
          <>
            {' '}
            You can take it back for <Countdown until={job.undoUntil} over="no longer" />.
          </>
        )}
      </p>
      {last?.note != null && <Remark className="mt-1">{sliceText(last.note, 500)}</Remark>}
    </>
  )
}

/** Whether it is this very person who can act is the first thing to know. */
function whoOf(who: string, mine: boolean): string {
  if (!mine || who === 'Nobody') return who
  const several = /^\d/.test(who) ? 'one of ' : ''
  return `You, as ${several}${who.charAt(0).toLowerCase()}${who.slice(1).replace(/,$/, '')},`
}

/** Why it came to this: what stopped it, or why people are asked. */
function Why({ job }: { job: JobView }) {
  const round = openRound(job)
  const last = job.events.findLast(({ from, to }) => from !== to)
  // What settled it says enough; what went wrong on the way stands with the attempts.
  const reason = job.nextAction.kind === 'none' ? null : (round?.reason ?? job.failure?.sentence ?? null)
  if (reason === null) return null
  return (
    <p className="mt-1 text-muted">
      {last?.command === 'reopen' ? <bdi>{last.sentence}</bdi> : reason}{' '}
      {job.failure !== null && (
        <span className="inline-block font-mono text-xs text-faint">
          {job.failure.class}
          {job.failure.code !== null && ` · ${job.failure.code}`}
        </span>
      )}
      {round !== undefined && round.approvalsNeeded > 1 && (
        <span className="block">
          {round.approvalsGiven === null
            ? `${round.approvalsNeeded} people decide, unseen by each other.`
            : `${round.approvalsGiven} of ${round.approvalsNeeded} approvals given.`}
        </span>
      )}
      {last?.command === 'reopen' && last.note !== null && (
        <span
          dir="auto"
          className="mt-1 block max-w-[75ch] border-l-2 border-line pl-3 whitespace-pre-wrap wrap-anywhere"
        >
          {sliceText(last.note, 500)}
        </span>
      )}
    </p>
  )
}
