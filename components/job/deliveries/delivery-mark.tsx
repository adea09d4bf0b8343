import { ArrowUpRight } from 'lucide-react'
import { Badge } from '@/components/ui/badge'
import type { DeliveryView } from '@/lib/jobs/view'
import { type DeliveryState, deliveryStates } from '@/lib/lifecycle/next-action'

const TONES = {
  pending: 'outline',
  sending: 'outline',
  unknown: 'attention',
  delivered: 'outline',
  failed: 'danger',
  withdrawn: 'struck',
} as const satisfies Record<DeliveryState, unknown>

export type DeliveryMarkProps = Pick<DeliveryView, 'state' | 'kind' | 'code'>

/** Where a delivery stands: a small label with the arrow of what leaves, never drawn like where the job stands. */
export function DeliveryMark(props: DeliveryMarkProps) {
  return (
    <Badge tone={TONES[props.state]}>
      <ArrowUpRight aria-hidden />
      {labelOf(props)}
    </Badge>
  )
}

function labelOf({ state, kind, code }: DeliveryMarkProps): string {
  if (kind === 'by_hand' && state === 'pending') return 'Waits for a hand'
  // Nobody outside has it.
  if (state === 'delivered' && code === 'kept_in_folder') return 'Kept in a folder'
  return deliveryStates[state].label
}
