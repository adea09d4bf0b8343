import type { ReactNode } from 'react'
import { SettingsNav } from '@/components/settings/settings-nav'
import { hasRole } from '@/lib/access/can'
import { requireActor } from '@/lib/access/session.server'

export default async function SettingsLayout({ children }: { children: ReactNode }) {
  const actor = await requireActor('/settings/account')
  return (
    <div className="mx-auto flex w-full max-w-3xl flex-col gap-4">
      <SettingsNav seesPeople={hasRole(actor, 'lead')} />
      {children}
    </div>
  )
}
