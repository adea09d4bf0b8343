import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { AddressForm } from '@/components/settings/notices/address-form'
import { ChoicesForm } from '@/components/settings/notices/choices-form'
import { MailPanel } from '@/components/settings/notices/mail-panel'
import { NoteList } from '@/components/settings/notices/note-list'
import { SingleKeys } from '@/components/settings/notices/single-keys'
import { PageHeader } from '@/components/ui/page-header'
import { hasRole } from '@/lib/access/can'
import { originOf } from '@/lib/access/same-origin'
import { requireActor } from '@/lib/access/session.server'
import { env } from '@/lib/env.server'
import { mailSetUp } from '@/lib/mail/set-up'
import { readAddress } from '@/lib/notices/address.server'
import { choiceOf } from '@/lib/notices/choices'
import { kinds, kindsFor } from '@/lib/notices/kinds'
import { readPreference } from '@/lib/preferences/preferences.server'
import { listNotes } from '@/lib/review/saved-notes.server'
import { db } from '@/lib/store/db.server'
import { changeNote, dropNote, keepNote, saveChoices, saveOwnAddress, saveSingleKeys, sendMeATest } from './actions'

export const metadata: Metadata = { title: 'Notices' }

export default async function NoticesPage() {
  const actor = await requireActor('/settings/notices')
  const isLead = hasRole(actor, 'lead')
  const [choices, singleKeys, address, notes] = await Promise.all([
    readPreference(db(), actor.userId, 'notices'),
    readPreference(db(), actor.userId, 'single-keys'),
    readAddress(db()),
    listNotes(db(), actor.userId),
  ])
  const { smtp, from, folder } = mailSetUp(env())
  const rows = kindsFor(actor.roles).map((kind) => ({
    kind,
    label: kinds[kind].label,
    hint: kinds[kind].hint,
    isAlwaysInApp: kinds[kind].isAlwaysInApp,
    ...choiceOf(kind, actor.roles, choices ?? {}),
  }))
  return (
    <>
      <PageHeader title="Notices" hint="What you are told, and how." className="pb-0" />
      <ChoicesForm rows={rows} save={saveChoices} />
      <MailPanel
        isSetUp={smtp}
        from={from}
        folder={isLead ? folder : null}
        email={actor.email}
        isAddressKnown={address !== null}
        sendTest={sendMeATest}
      />
      {isLead && <AddressForm address={address} origin={originOf(await headers())} save={saveOwnAddress} />}
      <SingleKeys stored={singleKeys} save={saveSingleKeys} />
      <NoteList notes={notes} add={keepNote} change={changeNote} remove={dropNote} />
    </>
  )
}
