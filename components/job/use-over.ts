'use client'
import { useClock } from '@/components/ui/clock'

/** True once `until` has passed; true where there is nothing to wait for. */
export function useOver(until: string | null): boolean {
  return useClock((now) => (until === null || now >= Date.parse(until) ? 'over' : 'on')) === 'over'
}
