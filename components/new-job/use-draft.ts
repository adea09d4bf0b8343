'use client'
import { useEffect, useEffectEvent, useLayoutEffect, useState } from 'react'
import { type Draft, emptyDraft, holdsSomething, readDraft, writeDraft } from './draft'
import { randomKey } from './random-key'
import type { Uploads } from './use-uploads'

export type KeptDraft = {
  draft: Draft
  change: (part: Partial<Draft>) => void
  /** Whether what was typed before a reload is back. */
  isRestored: boolean
  /** Whether the browser keeps it: a very long text does not fit. */
  isKept: boolean
  /** Begins anew, with another key. */
  clear: () => void
  /** Stops keeping it, and forgets what was kept: the job is made. */
  finish: () => void
}

/** What is typed, kept in this tab through an accidental reload. `owner`: whose it is; others do not see it. */
export function useDraft(owner: string, preselected: string | null, uploads: Uploads): KeptDraft {
  const place = `holdpoint.new-job.${owner}`
  const [draft, setDraft] = useState(() => emptyDraft(randomKey(), preselected))
  const [isRestored, setRestored] = useState(false)
  const [isKept, setKept] = useState(true)
  // Nothing is kept before what was kept is read, nor after the job was made.
  const [phase, setPhase] = useState<'unread' | 'open' | 'finished'>('unread')
  const { list } = uploads

  const restore = useEffectEvent(() => {
    setPhase('open')
    const kept = readDraft(sessionStorage.getItem(place), randomKey)
    if (kept === null) return
    setDraft({ ...kept.draft, workflow: preselected ?? kept.draft.workflow })
    uploads.restore(kept.uploads, kept.notes)
    setRestored(true)
  })
  // Before the first paint of the living form: what was typed must not be seen to come in.
  useLayoutEffect(() => restore(), [])

  const keep = useEffectEvent(() => {
    if (phase !== 'open') return
    try {
      if (holdsSomething(draft, list)) sessionStorage.setItem(place, writeDraft(draft, list))
      else sessionStorage.removeItem(place)
      setKept(true)
    } catch (error) {
      // The only failure of storing: it is full, or switched off. The form itself goes on.
      if (!(error instanceof DOMException)) throw error
      setKept(false)
    }
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change of these is what must be kept
  useEffect(() => keep(), [draft, list])

  return {
    draft,
    change: (part) => setDraft((before) => ({ ...before, ...part })),
    isRestored,
    isKept,
    clear() {
      uploads.clear()
      setDraft((before) => emptyDraft(randomKey(), before.workflow))
      setRestored(false)
    },
    finish() {
      setPhase('finished')
      sessionStorage.removeItem(place)
    },
  }
}
