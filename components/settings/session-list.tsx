'use client'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Panel, PanelHeader } from '@/components/ui/panel'
import { Time } from '@/components/ui/time'
import type { Outcome } from '@/lib/access/outcome'
import { browserName } from './browser-name'
import { useOutcome } from './use-outcome'

export type ShownSession = {
  id: string
  current: boolean
  createdAt: string
  expiresAt: string
  ipAddress: string | null
  userAgent: string | null
}

/** Where the person is signed in, with a way to end each. */
export function SessionList(props: {
  sessions: readonly ShownSession[]
  end: (id: string) => Promise<Outcome>
  endOthers: () => Promise<Outcome>
}) {
  const { pending, run } = useOutcome()
  const others = props.sessions.some((session) => !session.current)
  return (
    <Panel aria-labelledby="sessions">
      <PanelHeader
        id="sessions"
        title="Where you are signed in"
        actions={
          others && (
            <Button size="sm" disabled={pending} onClick={() => run(props.endOthers)}>
              End all others
            </Button>
          )
        }
      />
      <ul className="divide-y divide-line">
        {props.sessions.map((session) => (
          <li key={session.id} className="flex min-h-14 flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2">
            <div className="min-w-0 flex-1">
              <p className="flex flex-wrap items-center gap-2">
                {browserName(session.userAgent)}
                {session.current && <Badge>This browser</Badge>}
              </p>
              <p className="text-sm text-muted">
                signed in <Time value={session.createdAt} />, ends <Time value={session.expiresAt} />
                {session.ipAddress !== null && ` · from ${session.ipAddress}`}
              </p>
            </div>
            {!session.current && (
              <Button
                size="sm"
                variant="ghost"
                disabled={pending}
                aria-label={`End the session of ${browserName(session.userAgent)}`}
                onClick={() => run(() => props.end(session.id))}
              >
                End
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  )
}
