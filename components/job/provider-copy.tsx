'use client'
import { Time } from '@/components/ui/time'
import { Countdown } from './countdown'
import { useOver } from './use-over'

/** How long the provider keeps its own copy. That it is gone then is what its documents say; nobody has looked. */
export function ProviderCopy({ until }: { until: string | null }) {
  const over = useOver(until)
  if (until === null) return <>how long it is kept is not known</>
  if (over) {
    return (
      <>
        should be deleted since <Time value={until} format="exact" />
      </>
    )
  }
  return (
    <>
      is deleted in <Countdown until={until} over="no time" />, on <Time value={until} format="exact" />
    </>
  )
}
