'use client'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Panel, PanelHeader } from '@/components/ui/panel'
import { Time } from '@/components/ui/time'
import type { Outcome } from '@/lib/access/outcome'
import { roleInfo } from '@/lib/access/roles'
import type { Role } from '@/lib/lifecycle/table'
import { useOutcome } from './use-outcome'

export type ShownInvite = { id: string; email: string; roles: readonly Role[]; expiresAt: string }

/** Invitations that nobody has used yet. */
export function InviteList(props: { invites: readonly ShownInvite[]; withdraw: (id: string) => Promise<Outcome> }) {
  const { pending, run } = useOutcome()
  return (
    <Panel aria-labelledby="invites">
      <PanelHeader
        id="invites"
        title="Invited, not here yet"
        hint="To make the link anew, invite the same e-mail again."
      />
      <ul className="divide-y divide-line">
        {props.invites.map((invite) => (
          <li key={invite.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
            <div className="min-w-0 flex-1 basis-56">
              <p className="wrap-anywhere">{invite.email}</p>
              <p className="flex flex-wrap items-center gap-1 pt-1 text-sm text-muted">
                {invite.roles.map((role) => (
                  <Badge key={role} tone="outline">
                    {roleInfo[role].label}
                  </Badge>
                ))}
                <span>
                  runs out <Time value={invite.expiresAt} />
                </span>
              </p>
            </div>
            <Button size="sm" variant="ghost" disabled={pending} onClick={() => run(() => props.withdraw(invite.id))}>
              Withdraw<span className="sr-only"> the invitation to {invite.email}</span>
            </Button>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
