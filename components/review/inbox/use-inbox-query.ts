'use client'
import { parseAsBoolean, parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { useCallback, useMemo } from 'react'
import {
  type InboxKind,
  type InboxQuery,
  inboxKinds,
  inboxQueryParams,
  parseInboxQuery,
} from '@/lib/review/inbox-query'
import { inboxViews } from '@/lib/review/view'

// The same words in the address as in the API: `parseInboxQuery` reads them on the server.
const parsers = {
  view: parseAsStringLiteral(inboxViews).withDefault('anyone'),
  workflow: parseAsString,
  kind: parseAsStringLiteral<InboxKind>(inboxKinds),
  risk: parseAsInteger,
  q: parseAsString.withDefault(''),
  after: parseAsString,
  limit: parseAsInteger.withDefault(50),
  /** Of the page alone: one list in the order of urgency, not one for each workflow. */
  flat: parseAsBoolean.withDefault(false),
}

export type ChangeInbox = (change: Partial<Omit<InboxQuery, 'limit'>> & { flat?: boolean }) => void

/** What the inbox is asked for, kept in the address. A change of view or filter goes back to the first page. */
export function useInboxQuery(): { query: InboxQuery; flat: boolean; change: ChangeInbox } {
  const [{ flat, ...values }, setValues] = useQueryStates(parsers, { history: 'push', scroll: false })
  // Through the server's own reader, so that one address is one question on both sides.
  const text = inboxQueryParams(values).toString()
  const query = useMemo(() => parseInboxQuery(new URLSearchParams(text)), [text])
  const change = useCallback<ChangeInbox>(
    (next) => {
      void setValues({ after: null, ...next })
    },
    [setValues],
  )
  return { query, flat, change }
}
