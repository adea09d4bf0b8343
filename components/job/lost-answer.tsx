'use client'
import { Ban, Clock, type LucideIcon, RotateCw } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { Hash } from '@/components/ui/hash'
import { Time } from '@/components/ui/time'
import type { JobView } from '@/lib/jobs/view'
import type { Command } from '@/lib/lifecycle/table'
import { providerName } from './provider-name'

type Choice = { command: Command; icon: LucideIcon; title: string; says: string; button: string }

const CHOICES: Choice[] = [
  {
    command: 'wait',
    icon: Clock,
    title: 'Wait',
    says: 'Nothing is sent. If the answer still comes in, the job goes on with it by itself. You set how long it may take.',
    button: 'Wait…',
  },
  {
    command: 'retry',
    icon: RotateCw,
    title: 'Resend, though it may be paid twice',
    says: 'The same is asked again as a new attempt. If the lost call was taken, both are paid.',
    button: 'Resend…',
  },
  {
    command: 'abandon',
    icon: Ban,
    title: 'Abandon',
    says: 'The job stops here. If the lost call was taken, it is paid for, and its answer is not used.',
    button: 'Abandon…',
  },
]

export type LostAnswerProps = { job: JobView; commands: readonly Command[]; onCommand: (command: Command) => void }

/** The answer to a paid call was lost: what is known, and the choices, none of them louder than the others. */
export function LostAnswer({ job, commands, onCommand }: LostAnswerProps) {
  const choices = CHOICES.filter(({ command }) => commands.includes(command))
  return (
    <div className="border-t border-line px-4 py-3">
      <Known job={job} />
      {choices.length > 0 && (
        <ul className="mt-4 grid gap-3 md:grid-cols-3">
          {choices.map(({ command, icon: Icon, title, says, button }) => (
            <li key={command} className="flex flex-col gap-1 rounded-md border border-line bg-canvas p-3">
              <h3 className="flex items-start gap-2 font-semibold">
                <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-faint" />
                {title}
              </h3>
              <p className="flex-1 text-muted">{says}</p>
              <Button className="mt-2 w-fit" onClick={() => onCommand(command)}>
                {button}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function Known({ job }: { job: JobView }) {
  const attempt = job.attempts[0]
  if (attempt === undefined) return null
  const call = job.observations.findLast((look) => look.kind === 'create' && look.attempt === attempt.number)
  return (
    <>
      <h3 className="text-sm font-medium text-muted">What is known</h3>
      <dl className="mt-1 grid gap-x-6 gap-y-1 text-sm sm:grid-cols-[max-content_1fr]">
        <dt className="text-faint">Sent</dt>
        <dd>
          <Time value={attempt.sentAt} format="exact" /> (<Time value={attempt.sentAt} />)
        </dd>
        <dt className="text-faint">To</dt>
        <dd>
          {providerName(attempt.provider)}, model <code className="text-xs">{attempt.model}</code>, attempt{' '}
          {attempt.number}
        </dd>
        <dt className="text-faint">What came back</dt>
        <dd>
          {call === undefined ? (
            'Nothing was recorded: whoever sent it stopped before the answer.'
          ) : (
            <>
              {call.httpStatus === null ? 'No answer' : `HTTP ${call.httpStatus}`}
              {call.errorCode !== null && (
                <>
                  , <code className="text-xs">{call.errorCode}</code>
                </>
              )}
              {call.milliseconds !== null && `, after ${(call.milliseconds / 1_000).toFixed(1)} s`}
            </>
          )}
        </dd>
        <dt className="text-faint">Response id</dt>
        <dd>{attempt.responseId ?? 'not known: without it OpenAI cannot be asked what became of the call'}</dd>
        <dt className="text-faint">Hash of the request</dt>
        <dd>
          <Hash value={attempt.requestHash} label="hash of the request" length={24} />
        </dd>
      </dl>
    </>
  )
}
