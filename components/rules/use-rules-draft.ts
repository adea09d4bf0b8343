'use client'
import { useEffectEvent, useLayoutEffect, useState } from 'react'
import { z } from 'zod'
import { ruleShape } from '@/lib/rules/rule'
import type { Rule } from '@/lib/rules/types'

/** Rules on their way, the version that they were made from, and what is said of the change. */
export type RulesDraft = { basedOn: number; rules: Rule[]; note: string }

const draftShape = z.object({ basedOn: z.number().int(), rules: z.array(ruleShape), note: z.string() })

/** The draft, kept in this tab while one looks elsewhere. `owner`: whose it is; others at this screen do not see it. */
export function useRulesDraft(owner: string): [RulesDraft | null, (draft: RulesDraft | null) => void] {
  const place = `holdpoint.rules.${owner}`
  const [draft, setDraft] = useState<RulesDraft | null>(null)
  const restore = useEffectEvent(() => setDraft(readDraft(sessionStorage.getItem(place))))
  // Before the first paint that can be used: the draft must not be seen to come in.
  useLayoutEffect(() => restore(), [])

  function keep(next: RulesDraft | null) {
    setDraft(next)
    try {
      if (next === null) sessionStorage.removeItem(place)
      else sessionStorage.setItem(place, JSON.stringify(next))
    } catch (error) {
      // Storing fails only where it is full or switched off: the draft lives as long as the page.
      if (!(error instanceof DOMException)) throw error
    }
  }
  return [draft, keep]
}

/** What was kept; null where nothing was, or where it is of a release that wrote rules otherwise. */
export function readDraft(kept: string | null): RulesDraft | null {
  if (kept === null) return null
  try {
    return draftShape.safeParse(JSON.parse(kept)).data ?? null
  } catch {
    return null
  }
}
