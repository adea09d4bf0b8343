'use client'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Time } from '@/components/ui/time'
import type { Outcome } from '@/lib/access/outcome'
import { roleInfo } from '@/lib/access/roles'
import type { Role } from '@/lib/lifecycle/table'
import { Confirm } from './confirm'

export type ShownKey = {
  id: string
  name: string
  prefix: string
  roles: readonly Role[]
  /** The name of its person; null for a service. */
  person: string | null
  createdAt: string
  lastUsedAt: string | null
  revokedAt: string | null
}

/** Keys by name, with when each was last used. */
export function KeyList(props: { keys: readonly ShownKey[]; revoke: (id: string) => Promise<Outcome> }) {
  return (
    <ul className="divide-y divide-line">
      {props.keys.map((key) => (
        <li key={key.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
          <div className="min-w-0 flex-1 basis-56">
            <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
              <span className="font-medium wrap-anywhere">{key.name}</span>
              <code className="text-sm text-muted">{key.prefix}…</code>
              {key.revokedAt !== null && <Badge tone="struck">Revoked</Badge>}
            </p>
            <p className="text-sm text-muted">
              {key.person === null ? 'a service' : key.person} · made <Time value={key.createdAt} /> ·{' '}
              {key.lastUsedAt === null ? (
                'never used'
              ) : (
                <>
                  last used <Time value={key.lastUsedAt} />
                </>
              )}
            </p>
            <p className="flex flex-wrap gap-1 pt-1">
              {key.roles.map((role) => (
                <Badge key={role} tone="outline">
                  {roleInfo[role].label}
                </Badge>
              ))}
            </p>
          </div>
          {key.revokedAt === null && (
            <Confirm
              trigger={
                <Button size="sm" variant="ghost">
                  Revoke<span className="sr-only"> {key.name}</span>
                </Button>
              }
              title={`Revoke ${key.name}?`}
              consequence="It stops working at once, for good. Whatever uses it needs another key."
              button="Revoke"
              pendingButton="Revoking…"
              action={() => props.revoke(key.id)}
            />
          )}
        </li>
      ))}
    </ul>
  )
}
