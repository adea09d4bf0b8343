import { cookies } from 'next/headers'
import type { ReactNode } from 'react'
import { resumeSending } from '@/app/(app)/settings/money/actions'
import { SingleKeysMirror } from '@/components/settings/notices/single-keys'
import { AppShell } from '@/components/shell/app-shell'
import { FOLDED_COOKIE, isFolded } from '@/components/shell/folded-cookie'
import { QueryProvider } from '@/components/shell/query-provider'
import { StopBanner } from '@/components/shell/stop-banner'
import { hasRole, readsEverything } from '@/lib/access/can'
import { actorProfile } from '@/lib/access/session.server'
import { keepWatch } from '@/lib/alerts/watch.server'
import { env } from '@/lib/env.server'
import { openStops } from '@/lib/money/stops.server'
import { readPreference } from '@/lib/preferences/preferences.server'
import { nameProvider, ProviderNotConfigured } from '@/lib/provider/current.server'
import { hasInbox } from '@/lib/review/inbox.server'
import { db } from '@/lib/store/db.server'

// Everything here depends on who asks: nothing is made before somebody does.
export const dynamic = 'force-dynamic'

export default async function AppLayout({ children }: { children: ReactNode }) {
  const profile = await actorProfile()
  // A web server that nobody asks whether it is ready looks at alerts as well.
  keepWatch()
  // Each page sends whoever is not signed in to the sign-in page, and knows where they should come back to.
  if (profile === null) return children
  const { actor, needsPassword } = profile
  const folded = isFolded((await cookies()).get(FOLDED_COOKIE)?.value)
  const person = {
    name: actor.name,
    email: actor.email,
    mayCreate: hasRole(actor, 'requester'),
    mayReview: hasInbox(actor),
    mayReadAll: readsEverything(actor),
    maySeePeople: hasRole(actor, 'lead'),
  }
  const notices = hasRole(actor, 'lead') && <StopBanner initial={await openStops(db())} resume={resumeSending} />
  const singleKeys = actor.userId === null ? null : await readPreference(db(), actor.userId, 'single-keys')
  return (
    <QueryProvider>
      <SingleKeysMirror stored={singleKeys} />
      <AppShell
        person={person}
        provider={{ name: providerName() }}
        folded={folded}
        needsPassword={needsPassword}
        notices={notices}
      >
        {children}
      </AppShell>
    </QueryProvider>
  )
}

/** Null where none is set: people may read and decide all the same, and are told that nothing new is sent. */
function providerName(): string | null {
  const { OPENAI_API_KEY, OPENAI_BASE_URL } = env()
  try {
    return nameProvider({ OPENAI_API_KEY, OPENAI_BASE_URL, HOLDPOINT_PROVIDER: process.env.HOLDPOINT_PROVIDER })
  } catch (error) {
    if (error instanceof ProviderNotConfigured) return null
    throw error
  }
}
