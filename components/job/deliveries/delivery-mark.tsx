import { ArrowUpRight } from 'lucide-react'
import { Badge } from '@/components/ui/badge'
import { type DeliveryState, deliveryStates } from '@/lib/lifecycle/next-action'

const TONES = {
  pending: 'outline',
  sending: 'outline',
  unknown: 'attention',
  delivered: 'outline',
  failed: 'danger',
  withdrawn: 'struck',
} as const satisfies Record<DeliveryState, unknown>

/** Where a delivery stands: a small label with the arrow of what leaves, never drawn like where the job stands. */
export function DeliveryMark({ state }: { state: DeliveryState }) {
  return (
    <Badge tone={TONES[state]}>
      <ArrowUpRight aria-hidden />
      {deliveryStates[state].label}
    </Badge>
  )
}
