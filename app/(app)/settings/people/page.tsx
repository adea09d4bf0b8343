import type { Metadata } from 'next'
import { InviteDialog } from '@/components/settings/invite-dialog'
import { InviteList } from '@/components/settings/invite-list'
import { PersonList } from '@/components/settings/person-list'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'
import { Panel } from '@/components/ui/panel'
import { hasRole } from '@/lib/access/can'
import { listInvites } from '@/lib/access/links.server'
import { listPeople } from '@/lib/access/people.server'
import { requireActor } from '@/lib/access/session.server'
import { db } from '@/lib/store/db.server'
import { activatePerson, deactivatePerson, endSessionsOf, invite, saveRoles, withdrawInvite } from './actions'

export const metadata: Metadata = { title: 'People' }

export default async function PeoplePage() {
  const actor = await requireActor('/settings/people')
  if (!hasRole(actor, 'lead')) return <Forbidden />
  const owner = hasRole(actor, 'owner')
  const [people, invites] = await Promise.all([listPeople(db()), owner ? listInvites(db()) : []])
  const shown = people.map(({ deactivatedAt, createdAt: _, ...person }) => ({
    ...person,
    active: deactivatedAt === null,
    self: person.id === actor.userId,
  }))
  return (
    <>
      <PageHeader
        title="People"
        hint={owner ? 'Who is let in, and what each may do.' : 'Who is let in. Only an owner changes it.'}
        actions={owner && <InviteDialog invite={invite} />}
        className="pb-0"
      />
      <Panel aria-label="People">
        <PersonList
          people={shown}
          actions={
            owner
              ? { saveRoles, deactivate: deactivatePerson, reactivate: activatePerson, endSessions: endSessionsOf }
              : null
          }
        />
      </Panel>
      {invites.length > 0 && (
        <InviteList
          invites={invites.map(({ id, email, roles, expiresAt }) => ({
            id,
            email,
            roles,
            expiresAt: expiresAt.toISOString(),
          }))}
          withdraw={withdrawInvite}
        />
      )}
    </>
  )
}

function Forbidden() {
  return (
    <>
      <PageHeader title="People" className="pb-0" />
      <Panel>
        <EmptyState
          title="This page is for leads and owners"
          hint="Ask an owner if somebody should be let in, or if you should be able to do more."
        />
      </Panel>
    </>
  )
}
