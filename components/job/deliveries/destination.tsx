import { PlainText } from '@/components/ui/plain-text'
import type { DeliveryView } from '@/lib/jobs/view'

/** Where a delivery goes, letter for letter. */
export function Destination({ kind, destination }: Pick<DeliveryView, 'kind' | 'destination'>) {
  const isCode = kind === 'http' || kind === 'file'
  return (
    <bdi className={isCode ? 'font-mono text-sm wrap-anywhere' : 'font-medium wrap-anywhere'}>
      <PlainText>{destination}</PlainText>
    </bdi>
  )
}
