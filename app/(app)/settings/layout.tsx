import type { ReactNode } from 'react'
import { SettingsNav } from '@/components/settings/settings-nav'
import { hasRole } from '@/lib/access/can'
import { readActor } from '@/lib/access/session.server'

export default async function SettingsLayout({ children }: { children: ReactNode }) {
  const actor = await readActor()
  // The page itself sends whoever is not signed in away, and knows where they wanted to go.
  if (actor === null) return children
  return (
    <div className="mx-auto flex w-full max-w-3xl flex-col gap-4">
      <SettingsNav isLead={hasRole(actor, 'lead')} />
      {children}
    </div>
  )
}
