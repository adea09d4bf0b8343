'use client'
import { useEffect, useLayoutEffect, useState } from 'react'

const placeOf = (owner: string, hash: string) => `holdpoint.revise.${owner}.${hash}`

/** Forgets what was kept of an edit: it has been saved, or is not wanted. */
export function forgetRevision(owner: string, hash: string): void {
  sessionStorage.removeItem(placeOf(owner, hash))
}

export type KeptRevision = {
  /** The edit that was kept from before; null where there was none, undefined before it was looked for. */
  kept: string | null | undefined
  /** Whether the browser keeps the edit: a very long text does not fit. */
  isKept: boolean
}

/** Keeps `text`, an edit of the result with `hash`, in this tab through an accidental closing; null: there is no edit. */
export function useRevisionDraft(owner: string, hash: string, text: string | null): KeptRevision {
  const place = placeOf(owner, hash)
  const [kept, setKept] = useState<string | null | undefined>(undefined)
  const [isKept, setIsKept] = useState(true)

  // Before the first drawing is seen, and only in the browser: the server knows of no edit.
  useLayoutEffect(() => {
    setKept(sessionStorage.getItem(place))
  }, [place])

  useEffect(() => {
    // Nothing is written before what was kept is read, or it would be lost.
    if (kept === undefined) return
    try {
      if (text === null) sessionStorage.removeItem(place)
      else sessionStorage.setItem(place, text)
      setIsKept(true)
    } catch {
      // The browser gives some five megabytes. The edit is still in the form.
      setIsKept(false)
    }
  }, [place, kept, text])

  return { kept, isKept }
}
