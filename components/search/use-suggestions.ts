'use client'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { type Suggestion, suggest } from '@/lib/search/complete'
import { knownOptions } from './queries'

/** What the piece at the end of `draft` may go on with, and which of it is chosen by the arrow keys. */
export function useSuggestions(draft: string, isOpen: boolean) {
  const { data: known } = useQuery({ ...knownOptions, enabled: isOpen })
  const [active, setActive] = useState(-1)
  const items = useMemo<Suggestion[]>(() => (isOpen ? suggest(draft, draft.length, known) : []), [draft, isOpen, known])
  const at = active < items.length ? active : -1
  return { known, items, active: at, setActive }
}

/** `draft` with `suggestion` in place of what it completes. */
export function taken(draft: string, { text, from, to, isWhole }: Suggestion): string {
  return `${draft.slice(0, from)}${text}${isWhole ? ' ' : ''}${draft.slice(to).trimStart()}`
}
