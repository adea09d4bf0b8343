import type { Metadata } from 'next'
import { ChoosePasswordForm } from '@/components/settings/choose-password-form'
import { PasswordForm } from '@/components/settings/password-form'
import { ProfileForm } from '@/components/settings/profile-form'
import { RoleList } from '@/components/settings/role-list'
import { SessionList } from '@/components/settings/session-list'
import { PageHeader } from '@/components/ui/page-header'
import { Panel, PanelBody, PanelHeader } from '@/components/ui/panel'
import { listSessions } from '@/lib/access/people.server'
import { requireProfile } from '@/lib/access/session.server'
import { db } from '@/lib/store/db.server'
import { changeMyPassword, chooseMyPassword, endMyOtherSessions, endMySession, saveMyProfile } from './actions'

export const metadata: Metadata = { title: 'Account' }

export default async function AccountPage() {
  const { actor, sessionId, needsPassword } = await requireProfile('/settings/account')
  const sessions = await listSessions(db(), actor.userId)
  return (
    <>
      <PageHeader title="Account" className="pb-0" />
      {needsPassword ? (
        <ChoosePasswordForm name={actor.name} email={actor.email ?? ''} choose={chooseMyPassword} />
      ) : (
        <>
          <ProfileForm name={actor.name} email={actor.email ?? ''} save={saveMyProfile} />
          <PasswordForm change={changeMyPassword} />
        </>
      )}
      <Panel aria-labelledby="roles">
        <PanelHeader id="roles" title="What you may do" hint="An owner can change it, under People." />
        <PanelBody>
          <RoleList roles={actor.roles} />
        </PanelBody>
      </Panel>
      <SessionList
        sessions={sessions.map((session) => ({
          id: session.id,
          current: session.id === sessionId,
          createdAt: session.createdAt.toISOString(),
          expiresAt: session.expiresAt.toISOString(),
          ipAddress: session.ipAddress || null,
          userAgent: session.userAgent || null,
        }))}
        end={endMySession}
        endOthers={endMyOtherSessions}
      />
    </>
  )
}
