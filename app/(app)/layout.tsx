import { cookies } from 'next/headers'
import type { ReactNode } from 'react'
import { AppShell } from '@/components/shell/app-shell'
import { FOLDED_COOKIE, isFolded } from '@/components/shell/folded-cookie'
import { QueryProvider } from '@/components/shell/query-provider'
import { hasRole } from '@/lib/access/can'
import { requireActor } from '@/lib/access/session.server'
import { env } from '@/lib/env.server'

export default async function AppLayout({ children }: { children: ReactNode }) {
  const actor = await requireActor()
  const folded = isFolded((await cookies()).get(FOLDED_COOKIE)?.value)
  const person = {
    name: actor.name,
    email: actor.email,
    mayCreate: hasRole(actor, 'requester'),
    mayManagePeople: hasRole(actor, 'owner'),
  }
  return (
    <QueryProvider>
      <AppShell person={person} provider={{ name: env().OPENAI_API_KEY ? 'openai' : 'sandbox' }} folded={folded}>
        {children}
      </AppShell>
    </QueryProvider>
  )
}
