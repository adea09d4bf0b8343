'use client'
/** What the bell reads and writes, and what of it is news. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { ApiError, conditionalReader } from '@/components/jobs/conditional-fetch'
import { failureWords } from '@/components/jobs/list/refresh-words'
import { useToast } from '@/components/ui/toast'
import { MOST_UNREAD } from '@/lib/notices/kinds'
import type { MarkRead as Marks, NoticeList } from '@/lib/notices/view'

const read = conditionalReader()

/** Soon enough for what somebody must look at today; unchanged answers cost the server no query. */
const ASK_EVERY_MS = 15_000

export const noticesOptions = queryOptions({
  queryKey: ['notices'],
  queryFn: ({ signal }) => read<NoticeList>('/api/v1/notices', signal),
})

/** For the one place that keeps asking. Whoever is signed out is told nothing, however often the page asks. */
export const noticesPolling = queryOptions({
  ...noticesOptions,
  refetchInterval: ({ state: { error } }) => (error instanceof ApiError && error.status === 401 ? false : ASK_EVERY_MS),
})

/** Marks notices of the person at the page as read. */
export type MarkRead = (which: Marks) => void

const MARKING = ['notices', 'marking']

/** Marks notices as read: on the page at once, and back again where the server does not take it. */
export function useMarkRead(): MarkRead {
  const client = useQueryClient()
  const toast = useToast()
  const { mutate } = useMutation({
    mutationKey: MARKING,
    mutationFn: sendMarks,
    onMutate: async (which: Marks) => {
      await client.cancelQueries(noticesOptions)
      const before = client.getQueryData(noticesOptions.queryKey)
      client.setQueryData(noticesOptions.queryKey, (list) => list && markedRead(list, which, new Date().toISOString()))
      return before
    },
    onError: (error, _which, before) => {
      client.setQueryData(noticesOptions.queryKey, before)
      const description = `${failureWords(error)}. It is shown as unread again.`
      toast({ title: 'That was not marked as read', description, tone: 'danger' })
    },
    // The last of several asks again, so that no earlier answer puts back what a later one marks.
    onSettled: () => {
      if (client.isMutating({ mutationKey: MARKING }) > 1) return
      return client.invalidateQueries(noticesOptions)
    },
  })
  return mutate
}

async function sendMarks(which: Marks): Promise<void> {
  let answer: Response
  try {
    answer = await fetch('/api/v1/notices/read', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(which),
      // Opening a notice may leave the page.
      keepalive: true,
    })
  } catch (cause) {
    throw new ApiError(0, null, { cause })
  }
  if (!answer.ok) throw new ApiError(answer.status, null)
}

/** The list as it is once these are read. Pure. */
export function markedRead(list: NoticeList, which: Marks, now: string): NoticeList {
  const isMeant = ({ id, at }: NoticeList['items'][number]) =>
    'ids' in which ? which.ids.includes(id) : which.upTo === undefined || at <= which.upTo
  const unread = list.items.filter(({ readAt }) => readAt === null)
  const meant = unread.filter(isMeant)
  return {
    // "All" reaches those that are too old to be listed, too.
    unread: 'ids' in which ? Math.max(0, list.unread - meant.length) : unread.length - meant.length,
    items: list.items.map((item) => (meant.includes(item) ? { ...item, readAt: now } : item)),
  }
}

/**
 * What a screen reader says when the list was `before` and is `after` now: "2 new notices". Null where nothing came, and
 * at the first look, when nothing is new.
 */
export function newsWords(before: NoticeList | undefined, after: NoticeList): string | null {
  if (before === undefined) return null
  const known = new Set(before.items.map(({ id }) => id))
  const came = after.items.filter(({ id, readAt }) => readAt === null && !known.has(id))
  const [first] = came
  if (first === undefined) return null
  return came.length === 1 ? `New notice: ${first.heading}` : `${came.length} new notices`
}

/**
 * The unread notices that somebody reads by being on this page: they lead to it. Those of a queue that stands still are
 * left: the page of a job does not say that. Pure.
 */
export function seenHere({ items }: NoticeList, pathname: string): string[] {
  return items
    .filter(({ readAt, href, kind }) => readAt === null && kind !== 'queue_stopped' && href === pathname)
    .map(({ id }) => id)
}

/** "3", or "99+" where it is no longer counted. */
export function countWords(unread: number): string {
  return unread >= MOST_UNREAD ? `${MOST_UNREAD - 1}+` : String(unread)
}
