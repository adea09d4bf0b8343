'use client'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import { StoppedClock } from '@/components/ui/clock'
import { Tabs } from '@/components/ui/tabs'
import type { MomentView } from '@/lib/history/moment-view'
import { Attempts } from '../attempts'
import type { GiveJobCommand } from '../commands/use-give'
import { JobCost } from '../cost'
import { Deliveries } from '../deliveries/deliveries'
import { History } from '../history/history'
import { WhatHappened } from '../history/what-happened'
import { JobHeader } from '../job-header'
import { JobInput } from '../job-input'
import { NextAction } from '../next-action'
import { NO_ANSWERS } from '../permission/answer-drafts'
import { ResultAndEvidence } from '../result/result-and-evidence'
import { RoundsBeside } from '../rounds/rounds-beside'
import { Trace } from '../trace/trace'
import { MomentBar } from './moment-bar'

const TABS = ['result', 'trace', 'attempts', 'history', 'input'] as const

/** Nothing is offered that could be given: `allowedCommands` of a moment is empty. */
const nothingIsGiven: GiveJobCommand = async () => {
  throw new Error('Nothing is decided in the past.')
}
const nothing = () => {}

/** A job as it stood: the parts of its page, with a clock that stands still, and nothing that could be decided. */
export function MomentPage({ moment, mayReadWorkflow }: { moment: MomentView; mayReadWorkflow: boolean }) {
  const { job, at } = moment
  const [tab, setTab] = useQueryState('tab', parseAsStringLiteral(TABS).withDefault('result'))
  return (
    <StoppedClock at={Date.parse(at)}>
      <div className="flex flex-col pb-16 sm:pb-0">
        <MomentBar moment={moment} tab={tab} />
        <JobHeader job={job} mayReadWorkflow={mayReadWorkflow} isPast />
        <NextAction
          job={job}
          headingRef={null}
          commands={[]}
          onCommand={nothing}
          mayResume={false}
          answers={NO_ANSWERS}
          onAnswers={nothing}
          giveJobCommand={nothingIsGiven}
          onAnswered={nothing}
          isPast
        />
        <RoundsBeside job={job} />
        <Deliveries job={job} commands={[]} onCommand={nothing} giveJobCommand={nothingIsGiven} />
        <Tabs
          className="mt-4"
          label="Parts of the job as it stood"
          value={tab}
          onValueChange={(value) => void setTab(TABS.find((name) => name === value) ?? 'result')}
          items={[
            { value: 'result', label: 'Result and evidence', content: <ResultAndEvidence job={job} /> },
            { value: 'trace', label: 'Trace', content: <Trace job={job} /> },
            {
              value: 'attempts',
              label: 'Attempts',
              count: job.attempts.length,
              content: (
                <>
                  <JobCost job={job} />
                  <Attempts job={job} />
                </>
              ),
            },
            {
              value: 'history',
              label: 'History',
              content: (
                <History job={job}>
                  <WhatHappened job={job} />
                </History>
              ),
            },
            { value: 'input', label: 'Input', content: <JobInput job={job} /> },
          ]}
        />
      </div>
    </StoppedClock>
  )
}
