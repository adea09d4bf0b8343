import { BellRing, CircleCheck, CircleMinus, type LucideIcon, UserRoundCheck } from 'lucide-react'
import Link from 'next/link'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { Time } from '@/components/ui/time'
import { alertKindInfo } from '@/lib/alerts/kinds'
import type { AlertView, MessageView } from '@/lib/alerts/view'

type Standing = { icon: LucideIcon; tone: string; word: string }

function standingOf({ closed, acknowledged }: AlertView): Standing {
  if (closed?.how === 'rule') return { icon: CircleMinus, tone: 'text-faint', word: 'No longer looked for' }
  if (closed !== null) return { icon: CircleCheck, tone: 'text-faint', word: 'Over' }
  if (acknowledged !== null) return { icon: UserRoundCheck, tone: 'text-muted', word: 'Acknowledged' }
  return { icon: BellRing, tone: 'text-attention', word: 'Needs somebody' }
}

/** One alert: what was found, what to do about it, and who looks after it. `ask` null: it is not for them. */
export function AlertItem({ alert, ask }: { alert: AlertView; ask: (() => void) | null }) {
  const { heading, sentence, mend, href, openedAt, lastSeenAt, acknowledged, closed, isClearing, message } = alert
  const { icon: Icon, tone, word } = standingOf(alert)
  const isLoud = closed === null && acknowledged === null
  // It stays open however long none was seen.
  const isCounted = alertKindInfo[alert.kind].unit === 'count'
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 py-3">
      <div className="flex min-w-0 flex-1 basis-80 gap-2.5">
        <Icon aria-hidden className={cn('mt-0.5 size-4 shrink-0', tone)} />
        <div className="min-w-0 wrap-anywhere">
          <h3 className={cn(isLoud ? 'font-semibold' : 'font-medium', closed !== null && 'text-muted')}>
            <span className="sr-only">{word}: </span>
            <bdi>{heading}</bdi>
          </h3>
          <p className={closed === null ? undefined : 'text-muted'}>
            {sentence}{' '}
            {closed === null && href !== null ? (
              <Link href={href} className="link">
                {mend}
              </Link>
            ) : (
              closed === null && mend
            )}
          </p>
          <p className="mt-0.5 text-sm text-muted">
            {closed === null ? 'Since ' : 'From '}
            <Time value={openedAt} format="clock" />
            {closed !== null && (
              <>
                {' '}
                to <Time value={closed.at} format="clock" />
                {closed.how === 'rule' && ', when its rule was changed, switched off or removed'}
              </>
            )}
            {closed === null && isCounted && (
              <>
                {' '}
                · last seen <Time value={lastSeenAt} format="clock" />
              </>
            )}
            {isClearing && ' · not found any more; it closes in a moment'}
          </p>
          {acknowledged !== null && (
            <p className="mt-0.5 text-sm text-muted">
              <bdi>{acknowledged.by}</bdi> looks after it, since <Time value={acknowledged.at} format="clock" />
              {acknowledged.note !== null && (
                <>
                  : “<bdi className="whitespace-pre-wrap">{acknowledged.note}</bdi>”
                </>
              )}
            </p>
          )}
          {message !== null && <Sendings message={message} />}
        </div>
      </div>
      {isLoud && ask !== null && (
        <Button size="sm" aria-haspopup="dialog" onClick={ask}>
          Acknowledge<span className="sr-only"> the alert: {heading}</span>
        </Button>
      )}
    </li>
  )
}

function Sendings({ message: { address, opened, over } }: { message: NonNullable<AlertView['message']> }) {
  return (
    <p className="mt-0.5 text-sm text-muted">
      Signed request to <bdi className="font-mono text-xs">{address}</bdi>: <Sending sent={opened} />
      {over !== null && (
        <>
          ; that it is over: <Sending sent={over} />
        </>
      )}
    </p>
  )
}

function Sending({ sent: { state, tries, code, at } }: { sent: MessageView }) {
  if (state === 'sent') return <>arrived</>
  if (state === 'failed') {
    return (
      <span className="text-danger-ink">
        did not arrive in {tries} tries{code !== null && ` (${code})`}; it is not tried again
      </span>
    )
  }
  if (code === null) return <>on its way</>
  return (
    <span className="text-danger-ink">
      has not arrived after {tries === 1 ? 'one try' : `${tries} tries`} ({code}); tried again <Time value={at} />
    </span>
  )
}
