'use client'
import { Time } from '@/components/ui/time'
import { useOver } from './use-over'

/** How long the provider keeps its own copy. That it is gone then is what its documents say; nobody has looked. */
export function ProviderCopy({ until }: { until: string | null }) {
  const over = useOver(until)
  if (until === null) return <>how long it is kept is not known</>
  return (
    <>
      {over ? 'should be deleted since ' : 'is deleted '}
      <Time value={until} /> (<Time value={until} format="exact" />)
    </>
  )
}
