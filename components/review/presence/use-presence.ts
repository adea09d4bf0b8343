'use client'
import { useEffect, useState } from 'react'
import { SAY_EVERY_MS } from '@/lib/review/presence'
import type { PresenceAsk, PresenceView } from '@/lib/review/view'
import { handsOnMeter } from './hands-on'

const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchmove', 'scroll'] as const

/**
 * Says that this person looks at a job while its tab is in sight, with the time that it was in use, and tells who else
 * does and until when they hold it. Null until the first answer, and while there is none: nobody is told what is not
 * known. @param jobId null: nothing is looked at.
 */
export function usePresence(jobId: string | null): PresenceView | null {
  const [seen, setSeen] = useState<{ jobId: string; view: PresenceView } | null>(null)

  useEffect(() => {
    if (jobId === null) return
    const meter = handsOnMeter(Date.now(), !document.hidden)
    const url = `/api/v1/jobs/${jobId}/presence`
    let gone = false

    async function say() {
      const handsOnMs = meter.take(Date.now())
      try {
        const answer = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ handsOnMs } satisfies PresenceAsk),
        })
        if (!answer.ok) throw new Error(`HTTP ${answer.status}`)
        const view = (await answer.json()) as PresenceView
        if (!gone && jobId !== null) setSeen({ jobId, view })
      } catch {
        // What was not told is told with the next word.
        meter.giveBack(handsOnMs)
        if (!gone) setSeen(null)
      }
    }

    function leave() {
      const ask: PresenceAsk = { handsOnMs: meter.take(Date.now()), leaves: true }
      navigator.sendBeacon(url, new Blob([JSON.stringify(ask)], { type: 'application/json' }))
    }

    function onVisibility() {
      meter.show(!document.hidden, Date.now())
      if (document.hidden) leave()
      else void say()
    }

    const onSign = () => meter.touch(Date.now())
    const timer = setInterval(() => {
      if (!document.hidden) void say()
    }, SAY_EVERY_MS)
    for (const sign of SIGNS) window.addEventListener(sign, onSign, { passive: true, capture: true })
    document.addEventListener('visibilitychange', onVisibility)
    window.addEventListener('pagehide', leave)
    if (!document.hidden) void say()
    return () => {
      gone = true
      clearInterval(timer)
      for (const sign of SIGNS) window.removeEventListener(sign, onSign, { capture: true })
      document.removeEventListener('visibilitychange', onVisibility)
      window.removeEventListener('pagehide', leave)
      if (!document.hidden) leave()
    }
  }, [jobId])

  return seen !== null && seen.jobId === jobId ? seen.view : null
}
