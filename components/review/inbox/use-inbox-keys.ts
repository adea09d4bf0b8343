'use client'
import { type RefObject, useRef } from 'react'
import { useKeys } from '@/components/review/keyboard/use-keys'
import type { InboxItem } from '@/lib/review/view'

export type InboxKeyHandlers = {
  /** The rows in the order in which they stand on the screen. */
  rows: readonly InboxItem[]
  list: RefObject<HTMLElement | null>
  enabled: boolean
  onSelect: (item: InboxItem) => void
  onOpen: (item: InboxItem) => void
  onClaim: (item: InboxItem) => void
  onSearch: () => void
  onMap: () => void
  onApprove: () => void
  onRequest: () => void
  onAbandon: () => void
}

/** The keys of the inbox. J and K walk from row to row by their links, so that Enter opens and the eye sees where one is. */
export function useInboxKeys(handlers: InboxKeyHandlers): void {
  const { rows, list, enabled } = handlers
  // Where one was, for the time in which the focus is elsewhere: after a dialog, or when the row has gone.
  const last = useRef(0)

  function here(): number {
    const id = document.activeElement?.closest('tr')?.querySelector('[data-row-link]')?.getAttribute('data-row-link')
    const at = rows.findIndex((item) => item.id === id)
    return at < 0 ? -1 : at
  }

  function go(step: 1 | -1) {
    const at = here()
    const wanted = at < 0 ? last.current : at + step
    const next = Math.max(0, Math.min(rows.length - 1, wanted))
    const item = rows[next]
    if (item === undefined) return
    last.current = next
    list.current?.querySelector<HTMLElement>(`[data-row-link="${item.id}"]`)?.focus()
  }

  const withItem = (handle: (item: InboxItem) => void) => () => {
    const at = here()
    const item = rows[at]
    if (item === undefined) return
    last.current = at
    handle(item)
  }

  useKeys(
    'inbox',
    {
      next: () => go(1),
      previous: () => go(-1),
      select: withItem(handlers.onSelect),
      open: withItem(handlers.onOpen),
      claim: withItem(handlers.onClaim),
      search: handlers.onSearch,
      map: handlers.onMap,
      approve: handlers.onApprove,
      request: handlers.onRequest,
      abandon: handlers.onAbandon,
    },
    enabled,
  )
}
