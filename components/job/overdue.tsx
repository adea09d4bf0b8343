'use client'
import { useClock } from '@/components/ui/clock'

/** ", overdue" once a moment has passed: worked out when it is read, nothing stored says so. */
export function Overdue({ at }: { at: string }) {
  const words = useClock((now) => (now > Date.parse(at) ? ', overdue' : ''))
  return words === '' ? null : <span className="font-medium text-danger-ink">{words}</span>
}
