'use client'
import { useQueryClient } from '@tanstack/react-query'
import Link from 'next/link'
import { type ReactNode, type Ref, useState } from 'react'
import { type Draft, emptyDraft, localField, openRound } from '@/components/job/commands/command-ask'
import { CommandDialog } from '@/components/job/commands/command-dialog'
import { DONE, newsSince, offered } from '@/components/job/commands/command-words'
import { type GiveJobCommand, useGive } from '@/components/job/commands/use-give'
import { AlreadySent } from '@/components/job/deliveries/already-sent'
import { Deliveries } from '@/components/job/deliveries/deliveries'
import { Freshness } from '@/components/job/freshness'
import { NextAction } from '@/components/job/next-action'
import type { Answers } from '@/components/job/permission/answer-drafts'
import { jobOptions } from '@/components/job/queries'
import { NoResult } from '@/components/job/result/no-result'
import { JobTitle } from '@/components/jobs/job-title'
import { ProviderMark } from '@/components/jobs/provider-mark'
import { JobStateMark } from '@/components/jobs/state-mark'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Time } from '@/components/ui/time'
import { useToast } from '@/components/ui/toast'
import type { JobView } from '@/lib/jobs/view'
import type { Command } from '@/lib/lifecycle/table'
import type { PresenceView } from '@/lib/review/view'
import { ChooseDialog } from '../decide/choose-dialog'
import { DecisionBar } from '../decide/decision-bar'
import { ReviseDialog } from '../decide/revise-dialog'
import { useKeys } from '../keyboard/use-keys'
import { DeskResult } from './desk-result'
import { RoundFacts } from './round-facts'
import { useMarks } from './use-marks'

const DAY_MS = 86_400_000
/** A snooze of a while, until somebody chooses another time. */
const HOUR_MS = 3_600_000
/** They end this person's part in it: then the next item comes. */
const DECIDES: readonly Command[] = ['approve', 'uphold', 'retry', 'abandon']

/** Beside what a round of another kind asks for. */
const TALKS: readonly Command[] = ['comment', 'claim', 'release', 'assign', 'snooze']

export type DeskItemProps = {
  /** The job as it is now. */
  live: JobView
  person: { id: string; name: string }
  presence: PresenceView | null
  headingRef: Ref<HTMLHeadingElement>
  /** What was typed for each command, kept while other items are on the desk. */
  drafts: Partial<Record<Command, Draft>>
  onDraft: (command: Command, draft: Draft | undefined) => void
  /** What was filled in for calls that wait, kept likewise. */
  answers: Answers
  onAnswers: (answers: Answers) => void
  hasNext: boolean
  onNext: () => void
  onKeys: () => void
  /** Whether something above the desk is open. */
  listens: boolean
  onOpenChange: (open: boolean) => void
  giveJobCommand: GiveJobCommand
  /** This person is told of stopped queues at the top of every page. */
  mayResume: boolean
  /** Decided: `goesOn` to the next item. */
  onDecided: (job: JobView, command: Command, goesOn: boolean) => void
  /** Above the decision bar. */
  children?: ReactNode
}

type OpenDialog = { kind: 'command'; command: Command } | { kind: 'revise' } | { kind: 'choose'; option: string }

/** One item on the desk: what is read stays until the person looks at what it has become. */
export function DeskItem(props: DeskItemProps) {
  const { live, person, presence, headingRef, drafts, onDraft, hasNext, onNext, onKeys, listens, onOpenChange } = props
  const { answers, onAnswers, giveJobCommand, onDecided, mayResume, children } = props
  const client = useQueryClient()
  const toast = useToast()
  const [seen, setSeen] = useState(live)
  const [dialog, setDialog] = useState<OpenDialog | null>(null)
  const [refused, setRefused] = useState<{ title: string; detail: string } | null>(null)
  const { give, pending } = useGive(live.id, giveJobCommand)

  // Nothing is swapped under a reader: what others did to what is decided on waits for a look.
  const news = newsSince(live.events, seen.version).filter(({ by }) => by.id !== person.id)
  const isHeld = seen.state === 'awaiting_review' && news.length > 0
  const shown = isHeld ? seen : live
  if (shown !== seen) setSeen(shown)

  const round = openRound(shown)
  const marks = useMarks(shown, person.id, giveJobCommand)
  const isResultRound = round?.kind === 'result' && shown.state === 'awaiting_review'
  const commands = shown.allowedCommands
  const isListening = listens && dialog === null
  const needsChoice = shown.result?.kind === 'recommendation' && !hasChoice(shown.result.json)

  function look() {
    const now = client.getQueryData(jobOptions(live.id).queryKey)
    if (now !== undefined) setSeen(now)
  }

  function show(next: OpenDialog | null) {
    setDialog(next)
    onOpenChange(next !== null)
  }

  async function giveAtOnce(command: Command, params: Record<string, unknown> = {}) {
    if (pending) return
    setRefused(null)
    const answer = await give({ command, params })
    if (answer.kind === 'done') return toast({ title: DONE[command] ?? 'Done.', tone: 'success' })
    setRefused(
      answer.kind === 'refused'
        ? { title: 'Nothing was done', detail: answer.problem.detail }
        : {
            title: 'No answer came',
            detail: 'It may or may not have been recorded. Look at where the job stands before you try again.',
          },
    )
  }

  function start(command: Command) {
    if (!commands.includes(command)) return
    if (command === 'claim' || command === 'release') return void giveAtOnce(command)
    if (command === 'revise') return show({ kind: 'revise' })
    if (command === 'approve' && needsChoice) {
      document.querySelector<HTMLElement>('[data-options] button, [data-desk-result] header button')?.focus()
      return toast({ title: 'Choose one of the options first.' })
    }
    const until = Date.now() + (command === 'snooze' ? HOUR_MS : DAY_MS)
    const draft = drafts[command] ?? { ...emptyDraft(localField(until)), assignee: round?.assignee?.id ?? '' }
    onDraft(command, draft)
    show({ kind: 'command', command })
  }

  useKeys(
    'desk',
    {
      approve: () => start(commands.includes('uphold') ? 'uphold' : 'approve'),
      edit: () => start('revise'),
      request: () => start('retry'),
      abandon: () => start('abandon'),
      comment: () => start('comment'),
      claim: () => start(commands.includes('claim') ? 'claim' : 'release'),
    },
    isListening,
  )

  /** After a command took effect: the next item, or what has become of this one. */
  function finish(command: Command, given: Command, goesOn: boolean) {
    onDraft(command, undefined)
    show(null)
    look()
    if (DECIDES.includes(command)) onDecided(shown, given, goesOn)
  }

  const draft = dialog?.kind === 'command' ? drafts[dialog.command] : undefined
  const isChanges = isResultRound && dialog?.kind === 'command' && dialog.command === 'retry'
  const last = news.at(-1)
  return (
    <div className="flex min-w-0 flex-1 flex-col gap-4">
      <header className="flex flex-col gap-1">
        <h1 ref={headingRef} tabIndex={-1} className="text-xl wrap-anywhere outline-hidden">
          <span className="font-normal text-faint">#{shown.number}&ensp;</span>
          <bdi>
            <JobTitle title={shown.title} />
          </bdi>
        </h1>
        <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm text-muted">
          <JobStateMark state={shown.state} className="ml-0" />
          <ProviderMark status={shown.providerStatus} />
          <span>
            {shown.workflow.name} v{shown.workflow.version}
          </span>
          <span>
            <span className="text-faint">Asked by</span> <bdi>{shown.requester?.name ?? 'a service'}</bdi>
          </span>
          {shown.reference !== null && (
            <span className="wrap-anywhere">
              <span className="text-faint">Reference</span> <bdi>{shown.reference}</bdi>
            </span>
          )}
          <span>
            <span className="text-faint">Age</span> <Time value={shown.createdAt} format="age" />
          </span>
          <Compare job={shown} />
          <div className="ml-auto">
            <Freshness id={live.id} />
          </div>
        </div>
      </header>
      {isHeld && last !== undefined && (
        <Callout
          role="status"
          tone="attention"
          title="This changed while you read"
          actions={
            <Button size="sm" onClick={look}>
              Look at it as it is now
            </Button>
          }
        >
          <p>
            <bdi>{last.sentence}</bdi> <Time value={last.at} />. What stands here is what you were reading. Nothing that
            you decide on it will count.
          </p>
        </Callout>
      )}
      {refused !== null && (
        <Callout role="alert" tone="danger" title={refused.title}>
          <p>{refused.detail}</p>
        </Callout>
      )}
      {isResultRound && <AlreadySent job={shown} />}
      {isResultRound && round !== undefined ? (
        <RoundFacts
          job={shown}
          round={round}
          personId={person.id}
          presence={presence}
          onEndSnooze={commands.includes('snooze') ? () => void giveAtOnce('snooze', { until: null }) : undefined}
        />
      ) : (
        <NextAction
          job={shown}
          headingRef={null}
          commands={offered(commands)}
          onCommand={start}
          mayResume={mayResume}
          answers={answers}
          onAnswers={onAnswers}
          giveJobCommand={giveJobCommand}
          onAnswered={() => {
            look()
            onDecided(shown, 'answer', hasNext)
          }}
        />
      )}
      {!isResultRound && (
        <Deliveries job={shown} commands={commands} onCommand={start} giveJobCommand={giveJobCommand} />
      )}
      <div data-desk-result>
        {shown.result === null ? (
          <NoResult job={shown} />
        ) : (
          <DeskResult
            key={shown.result.id}
            job={shown}
            round={round}
            personId={person.id}
            marks={marks}
            listens={isListening}
            onChoose={commands.includes('revise') ? (option) => show({ kind: 'choose', option }) : undefined}
          />
        )}
      </div>
      <DecisionBar
        job={shown}
        commands={isResultRound ? commands : commands.filter((command) => TALKS.includes(command))}
        leads={isResultRound}
        presence={presence}
        personId={person.id}
        onCommand={start}
        onNext={hasNext ? onNext : undefined}
        onKeys={onKeys}
      >
        {children}
      </DecisionBar>
      {dialog?.kind === 'command' && draft !== undefined && (
        <CommandDialog
          key={dialog.command}
          job={live}
          shown={shown}
          command={dialog.command}
          draft={draft}
          asksForChanges={isChanges}
          goesOn={DECIDES.includes(dialog.command) ? hasNext : undefined}
          onDraft={(next) => onDraft(dialog.command, next)}
          onLook={look}
          giveJobCommand={giveJobCommand}
          onClose={(done, given) => {
            if (done) finish(dialog.command, given?.command ?? dialog.command, given?.goesOn === true)
            else show(null)
          }}
        />
      )}
      {dialog?.kind === 'revise' && (
        <ReviseDialog
          key={shown.result?.hash}
          shown={shown}
          job={live}
          personId={person.id}
          giveJobCommand={giveJobCommand}
          onLook={look}
          onClose={(done, then) => {
            if (done) {
              look()
              toast({ title: 'Your edit is kept as a revision. The checks ran again on it.', tone: 'success' })
            }
            if (then === 'approve') openApprove()
            else show(null)
          }}
        />
      )}
      {dialog?.kind === 'choose' && (
        <ChooseDialog
          shown={shown}
          job={live}
          option={dialog.option}
          giveJobCommand={giveJobCommand}
          onLook={look}
          onClose={(done) => {
            if (done === 'approve') return openApprove()
            if (done !== false && done !== 'kept') return finish('approve', done.command, hasNext)
            if (done === 'kept') look()
            show(null)
          }}
        />
      )}
    </div>
  )

  /** On what an edit has become: with what leaves now in sight. */
  function openApprove() {
    look()
    onDraft('approve', drafts.approve ?? emptyDraft(localField(Date.now() + DAY_MS)))
    show({ kind: 'command', command: 'approve' })
  }
}

function hasChoice(json: unknown): boolean {
  return typeof json === 'object' && json !== null && 'choice' in json && typeof json.choice === 'string'
}

/** Where there is an earlier result, what the newest changed in it. */
function Compare({ job }: { job: JobView }) {
  const hasEarlier = job.earlierResults.some(({ id }) => id !== job.result?.id) || job.attempts.length > 1
  if (!hasEarlier) return null
  return (
    <Link href={`/jobs/${job.number}/compare`} className="link">
      What changed since the last attempt
    </Link>
  )
}
