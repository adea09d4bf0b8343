import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { giveJobCommand } from '@/app/(app)/jobs/actions'
import { ForbiddenInbox } from '@/components/review/inbox/forbidden'
import { Inbox } from '@/components/review/inbox/inbox'
import { inboxOptions } from '@/components/review/inbox/queries'
import { hasRole } from '@/lib/access/can'
import { requireActor } from '@/lib/access/session.server'
import { hasInbox, readInbox } from '@/lib/review/inbox.server'
import { readInboxChoices } from '@/lib/review/inbox-choices.server'
import { parseInboxQuery } from '@/lib/review/inbox-query'
import { db } from '@/lib/store/db.server'
import { decideInBulk } from '../actions'

export const metadata: Metadata = { title: 'Review' }

type Search = Promise<Record<string, string | string[] | undefined>>

export default async function ReviewPage({ searchParams }: { searchParams: Search }) {
  const search = parametersOf(await searchParams)
  const actor = await requireActor(search.size === 0 ? '/review' : `/review?${search}`)
  if (!hasInbox(actor)) return <ForbiddenInbox />
  const query = parseInboxQuery(search)
  const [{ value }, choices] = await Promise.all([readInbox(db(), actor, query), readInboxChoices(db())])
  const client = new QueryClient()
  client.setQueryData(inboxOptions(query).queryKey, value)
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <Inbox
        me={actor.userId}
        mayAssign={hasRole(actor, 'lead')}
        mayApprove={hasRole(actor, 'reviewer')}
        choices={choices}
        give={giveJobCommand}
        decide={decideInBulk}
      />
    </HydrationBoundary>
  )
}

function parametersOf(search: Awaited<Search>): URLSearchParams {
  return new URLSearchParams(
    Object.entries(search).flatMap(([name, value]) => [value ?? []].flat().map((one): [string, string] => [name, one])),
  )
}
