import { CircleCheck, CircleDot, CircleMinus, CircleX, LogOut, type LucideIcon, TriangleAlert } from 'lucide-react'
import Link from 'next/link'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { span } from '@/components/ui/relative-time'
import { Time } from '@/components/ui/time'
import { doingWords, type HeldJob, type WorkerState, type WorkerView } from '@/lib/workers/view'
import { AskConfirm } from './ask-confirm'
import type { AskWorker } from './workers-desk'

const STANDINGS: Record<WorkerState, { icon: LucideIcon; tone: string; word: string }> = {
  alive: { icon: CircleDot, tone: 'text-success', word: 'Alive' },
  leaving: { icon: LogOut, tone: 'text-informative', word: 'Finishes, and leaves' },
  silent: { icon: TriangleAlert, tone: 'text-attention', word: 'Silent' },
  gone: { icon: CircleX, tone: 'text-danger', word: 'Gone' },
  written_off: { icon: CircleMinus, tone: 'text-faint', word: 'Gone for good' },
  left: { icon: CircleCheck, tone: 'text-faint', word: 'Left' },
}

type Props = {
  worker: WorkerView
  /** Null: it is not for this person to ask. */
  asks: { askToLeave: AskWorker; writeOff: AskWorker } | null
  asOf: string
}

/** One worker: where it runs, how it stands, and what it has in hand. */
export function WorkerItem({ worker, asks, asOf }: Props) {
  const { id, host, pid, version, state, isKept, startedAt, beatAt, endedAt, asked, holds, more } = worker
  const { icon: Icon, tone, word } = STANDINGS[state]
  const isPresent = endedAt === null
  const name = `${host}, process ${pid}`
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 py-3">
      <div className="flex min-w-0 flex-1 basis-80 gap-2.5">
        <Icon aria-hidden className={cn('mt-0.5 size-4 shrink-0', tone)} />
        <div className="min-w-0 wrap-anywhere">
          <h3 className={cn('flex flex-wrap items-center gap-x-2 gap-y-1', isPresent ? 'font-medium' : 'text-muted')}>
            <bdi>{host}</bdi>
            <span className="font-normal text-muted">process {pid}</span>
            <Badge tone="outline" mono>
              {version}
            </Badge>
          </h3>
          <p className={isPresent ? undefined : 'text-muted'}>
            <span className={state === 'gone' || state === 'silent' ? 'font-medium' : undefined}>{word}</span>
            {' · '}
            {isPresent ? (
              <>
                last beat <Beat beatAt={beatAt} asOf={asOf} />, started <Time value={startedAt} />
              </>
            ) : (
              <>
                last beat <Time value={beatAt} />, worked for {span(Date.parse(beatAt) - Date.parse(startedAt))}
              </>
            )}
          </p>
          {asked !== null && (
            <p className="text-sm text-muted">
              <bdi>{asked.by}</bdi> {state === 'written_off' ? 'said that it will not come back' : 'asked it to leave'},{' '}
              <Time value={asked.at} />
              {state === 'leaving' && isKept && '. Another is started in its place'}
            </p>
          )}
          {isPresent && <Holds holds={holds} more={more} />}
        </div>
      </div>
      {asks !== null && state === 'alive' && (
        <AskConfirm
          title="Ask this worker to leave?"
          consequence={
            isKept
              ? 'It takes nothing new, finishes what it has in hand, and leaves. Another is started in its place at once.'
              : 'It takes nothing new, finishes what it has in hand, and leaves. Nothing here starts another: that is for whatever runs it.'
          }
          button="Ask it to leave"
          ask={() => asks.askToLeave(id)}
          trigger={
            <Button size="sm">
              Ask to leave<span className="sr-only"> ({name})</span>
            </Button>
          }
        />
      )}
      {asks !== null && (state === 'gone' || state === 'silent') && (
        <AskConfirm
          title="Will it not come back?"
          consequence="Its work was taken over. Nobody is told of it any more. Should it beat again, it is alive all the same."
          button="It will not come back"
          ask={() => asks.writeOff(id)}
          trigger={
            <Button size="sm" variant="ghost">
              It will not come back<span className="sr-only"> ({name})</span>
            </Button>
          }
        />
      )}
    </li>
  )
}

/** By the database's clock, as it was when the page asked: the browser's may differ. */
function Beat({ beatAt, asOf }: { beatAt: string; asOf: string }) {
  const seconds = Math.max(0, Math.round((Date.parse(asOf) - Date.parse(beatAt)) / 1_000))
  if (seconds >= 60) return <Time value={beatAt} />
  return (
    <time dateTime={beatAt} className="tabular-nums">
      {seconds} s ago
    </time>
  )
}

function Holds({ holds, more }: { holds: readonly HeldJob[]; more: number }) {
  if (holds.length === 0) return <p className="text-sm text-muted">Has nothing in hand right now.</p>
  return (
    <ul aria-label="In hand" className="mt-1 flex flex-col gap-0.5 text-sm">
      {holds.map(({ number, title, doing, since }) => (
        <li key={number}>
          <Link href={`/jobs/${number}`} className="link tabular-nums">
            #{number}
          </Link>{' '}
          <bdi>{title}</bdi>{' '}
          <span className="text-muted">
            {doingWords[doing]}, for <Time value={since} format="age" />
          </span>
        </li>
      ))}
      {more > 0 && <li className="text-muted">and {more} more</li>}
    </ul>
  )
}
