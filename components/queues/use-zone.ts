'use client'
import { useClock } from '@/components/ui/clock'

/** The zone that times are told in: UTC in the drawing that must equal the server's, then that of the reader. */
export function useZone(): string | undefined {
  return useClock((_now, local) => (local ? '' : 'UTC')) || undefined
}
