import type { Metadata } from 'next'
import { KeyDialog } from '@/components/settings/key-dialog'
import { KeyList } from '@/components/settings/key-list'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'
import { Panel } from '@/components/ui/panel'
import { expandRoles, hasRole } from '@/lib/access/can'
import { listKeys } from '@/lib/access/keys.server'
import { requireActor } from '@/lib/access/session.server'
import { roles } from '@/lib/lifecycle/table'
import { db } from '@/lib/store/db.server'
import { makeKey, stopKey } from './actions'

export const metadata: Metadata = { title: 'API keys' }

export default async function KeysPage() {
  const actor = await requireActor('/settings/keys')
  const owner = hasRole(actor, 'owner')
  const keys = await listKeys(db(), owner ? undefined : actor.userId)
  const own = expandRoles(actor.roles)
  return (
    <>
      <PageHeader
        title="API keys"
        hint={owner ? 'Every key of this installation.' : 'Your own keys.'}
        actions={
          own.length > 0 && (
            <KeyDialog ownRoles={roles.filter((role) => own.includes(role))} forServices={owner} make={makeKey} />
          )
        }
        className="pb-0"
      />
      <Panel aria-label="API keys">
        {keys.length === 0 ? (
          <EmptyState
            title="No keys yet"
            hint="A key lets a script start jobs and give commands: Authorization: Bearer <key>."
          />
        ) : (
          <KeyList
            keys={keys.map((key) => ({
              id: key.id,
              name: key.name,
              prefix: key.prefix,
              roles: key.roles,
              person: key.person?.name ?? null,
              createdAt: key.createdAt.toISOString(),
              lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
              revokedAt: key.revokedAt?.toISOString() ?? null,
            }))}
            revoke={stopKey}
          />
        )}
      </Panel>
    </>
  )
}
