'use client'
import { useMemo, useState } from 'react'
import { type Merged, mergeArrivals } from './arrivals'

/**
 * The rows on the screen: those of `latest` the first time, then the same ones in the same places until `update` is
 * called or `question` changes. An empty screen takes what arrives at once: there is nothing to push about.
 */
export function useShownRows<Row extends { id: string }>(
  question: string,
  latest: readonly Row[],
): Merged<Row> & { update: () => void } {
  const [shown, setShown] = useState({ question, rows: latest })
  const merged = useMemo(() => mergeArrivals(shown.rows, latest), [shown.rows, latest])

  let current = shown
  if (shown.question !== question || (shown.rows.length === 0 && latest.length > 0)) {
    current = { question, rows: latest }
    setShown(current)
  }
  const result = current === shown ? merged : mergeArrivals(latest, latest)
  return { ...result, update: () => setShown({ question, rows: latest }) }
}
