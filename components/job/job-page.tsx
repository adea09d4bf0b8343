'use client'
import { useQuery } from '@tanstack/react-query'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import { useRef, useState } from 'react'
import { Lookers } from '@/components/review/presence/lookers'
import { usePresence } from '@/components/review/presence/use-presence'
import { Tabs } from '@/components/ui/tabs'
import type { JobView } from '@/lib/jobs/view'
import type { Command } from '@/lib/lifecycle/table'
import { Attempts } from './attempts'
import { type Draft, emptyDraft, localField } from './commands/command-ask'
import { CommandDialog } from './commands/command-dialog'
import { offered } from './commands/command-words'
import type { GiveJobCommand } from './commands/use-give'
import { JobCost } from './cost'
import { Deliveries } from './deliveries/deliveries'
import { History } from './history/history'
import { RelatedJobs } from './history/related-jobs'
import { WhatHappened } from './history/what-happened'
import { JobHeader } from './job-header'
import { JobInput } from './job-input'
import { NextAction } from './next-action'
import { NO_ANSWERS } from './permission/answer-drafts'
import { jobOptions, pollJobEvery } from './queries'
import { ResultAndEvidence } from './result/result-and-evidence'
import { RoundsBeside } from './rounds/rounds-beside'
import { StopNote } from './stop-note'
import { Trace } from './trace/trace'
import { useOver } from './use-over'

export type JobPageProps = {
  /** The job as the server read it at `readAt`, in milliseconds since 1970. */
  initial: JobView
  readAt: number
  /** False where a very large result was left out of `initial`: it is read at once. */
  isWhole: boolean
  /** Whether this person may open the workflow that it ran under. */
  mayReadWorkflow: boolean
  /** False for those who see on every page whose sending stands still. */
  saysStop: boolean
  giveJobCommand: GiveJobCommand
}

/** After a failed refresh: often enough that nobody needs to press anything. */
const RETRY_MS = 5_000
const DAY_MS = 86_400_000
const TABS = ['result', 'trace', 'attempts', 'history', 'input'] as const

function AttemptsAndCost({ job }: { job: JobView }) {
  return (
    <>
      <JobCost job={job} />
      <Attempts job={job} />
    </>
  )
}

function PastAndAround({ job }: { job: JobView }) {
  return (
    <History job={job}>
      <WhatHappened job={job} />
      <RelatedJobs job={job} />
    </History>
  )
}

function Reading() {
  return (
    <p role="status" className="py-12 text-center text-muted">
      This is very large. Reading it…
    </p>
  )
}

/** One job: what must be done first, then everything that the decision rests on. */
export function JobPage({ initial, readAt, isWhole, mayReadWorkflow, saysStop, giveJobCommand }: JobPageProps) {
  const { data, isPlaceholderData } = useQuery({
    ...jobOptions(initial.id),
    // Not whole: never kept beyond this page, and read at once.
    ...(isWhole ? { initialData: initial, initialDataUpdatedAt: readAt } : { placeholderData: initial }),
    refetchInterval: ({ state }) =>
      state.status === 'error' ? RETRY_MS : pollJobEvery(state.data ?? initial, Date.now()),
  })
  const job = data ?? initial
  const [tab, setTab] = useQueryState('tab', parseAsStringLiteral(TABS).withDefault('result'))
  const [open, setOpen] = useState<Command | null>(null)
  const [drafts, setDrafts] = useState<Partial<Record<Command, Draft>>>({})
  const [answers, setAnswers] = useState(NO_ANSWERS)
  const heading = useRef<HTMLHeadingElement>(null)
  const undoIsOver = useOver(job.undoUntil)
  const presence = usePresence(job.id)
  // Nobody decides on what is not there to be read yet.
  const ready = data !== undefined && !isPlaceholderData
  const commands = ready ? offered(job.allowedCommands).filter((command) => command !== 'undo' || !undoIsOver) : []

  function start(command: Command) {
    setDrafts((before) => ({ ...before, [command]: before[command] ?? emptyDraft(localField(Date.now() + DAY_MS)) }))
    setOpen(command)
  }

  function close(done: boolean) {
    if (done && open !== null) setDrafts((before) => ({ ...before, [open]: undefined }))
    setOpen(null)
    // The button that was pressed may be gone: go to what is to be done now.
    if (done) requestAnimationFrame(() => heading.current?.focus())
  }

  const draft = open === null ? undefined : drafts[open]
  return (
    <div className="flex flex-col pb-16 sm:pb-0">
      <JobHeader job={job} mayReadWorkflow={mayReadWorkflow} />
      <Lookers presence={presence} className="-mt-2 mb-3" />
      {saysStop && job.stop !== null && <StopNote stop={job.stop} state={job.state} />}
      <NextAction
        job={job}
        headingRef={heading}
        commands={commands}
        onCommand={start}
        mayResume={!saysStop}
        answers={answers}
        onAnswers={setAnswers}
        giveJobCommand={giveJobCommand}
        onAnswered={() => requestAnimationFrame(() => heading.current?.focus())}
      />
      <RoundsBeside job={job} />
      <Deliveries job={job} commands={commands} onCommand={start} giveJobCommand={giveJobCommand} />
      <Tabs
        className="mt-4"
        label="Parts of the job"
        value={tab}
        onValueChange={(value) => void setTab(TABS.find((name) => name === value) ?? 'result')}
        items={[
          {
            value: 'result',
            label: 'Result and evidence',
            content: ready ? <ResultAndEvidence job={job} /> : <Reading />,
          },
          { value: 'trace', label: 'Trace', content: ready ? <Trace job={job} /> : <Reading /> },
          { value: 'attempts', label: 'Attempts', count: job.attempts.length, content: <AttemptsAndCost job={job} /> },
          { value: 'history', label: 'History', content: <PastAndAround job={job} /> },
          { value: 'input', label: 'Input', content: <JobInput job={job} /> },
        ]}
      />
      {open !== null && draft !== undefined && (
        <CommandDialog
          key={open}
          job={{ ...job, allowedCommands: commands }}
          command={open}
          draft={draft}
          onDraft={(next) => setDrafts((before) => ({ ...before, [open]: next }))}
          giveJobCommand={giveJobCommand}
          onClose={close}
        />
      )}
    </div>
  )
}
