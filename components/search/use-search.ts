'use client'
import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { useEffect, useMemo, useRef, useState } from 'react'
import { parseSearchQuery, type SearchQuery, type SearchSort, searchQueryParams, searchSorts } from '@/lib/search/query'
import { type BoxState, boxOf, searchOf, searchWhileTyping } from './box-state'
import { searchOptions } from './queries'

/** How long after the last key the search goes out, in milliseconds. */
const PAUSE_MS = 300

const parsers = {
  q: parseAsString.withDefault(''),
  sort: parseAsStringLiteral(searchSorts).withDefault('newest'),
  after: parseAsInteger,
  /** The saved view that was opened. */
  view: parseAsString,
}

/** The search in the address, and the box that it is typed in. */
export function useSearch() {
  const [values, setValues] = useQueryStates(parsers, { history: 'push', scroll: false })
  const { q, sort, after, view } = values
  const router = useRouter()
  const client = useQueryClient()
  const query: SearchQuery = useMemo(
    // Through the server's own reader, so that one address is one question on both sides.
    () => parseSearchQuery(searchQueryParams({ q, sort, after, limit: 25 })),
    [q, sort, after],
  )
  const [box, setBox] = useState(() => boxOf(q))
  const [sent, setSent] = useState(q)
  const [seen, setSeen] = useState(q)
  if (seen !== q) {
    setSeen(q)
    // Back, or another view: the box follows the address. Our own words coming back must not undo what was typed since.
    if (q !== sent) {
      setSent(q)
      setBox(boxOf(q))
    }
  }

  useEffect(() => {
    const next = searchWhileTyping(box)
    if (next === sent) return
    const timer = setTimeout(() => {
      setSent(next)
      void setValues({ q: next, after: null }, { history: 'replace' })
    }, PAUSE_MS)
    return () => clearTimeout(timer)
  }, [box, sent, setValues])

  // The search that Enter sent last, for as long as it stands in the box of this page.
  const submitted = useRef<{ text: string } | null>(null)
  useEffect(() => {
    if (submitted.current?.text !== searchOf(box)) submitted.current = null
  }, [box])
  useEffect(
    () => () => {
      submitted.current = null
    },
    [],
  )

  /** Searches at once. What names one job and nothing else opens it, unless the person has gone on. */
  async function submit(next: BoxState) {
    setBox(next)
    const text = searchOf(next)
    setSent(text)
    const mine = { text }
    submitted.current = mine
    const written = setValues({ q: text, after: null })
    if (text === '') return
    const asked = parseSearchQuery(searchQueryParams({ q: text, sort, after: null, limit: 25 }))
    const found = await client.fetchQuery({ ...searchOptions(asked), staleTime: 2_000 }).catch(() => null)
    const [only, second] = found?.exact ?? []
    if (only === undefined || second !== undefined) return
    // The address is written a moment later: after the job was opened, it would lead back here.
    await written
    if (submitted.current !== mine) return
    router.push(`/jobs/${only.job.number}`)
  }

  return {
    query,
    view,
    box,
    setBox,
    submit,
    setSort: (next: SearchSort) => void setValues({ sort: next, after: null }),
    goTo: (next: number | null) => void setValues({ after: next }, { scroll: true }),
    setView: (next: string | null) => void setValues({ view: next }, { history: 'replace' }),
  }
}
