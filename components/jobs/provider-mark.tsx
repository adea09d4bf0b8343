import { Badge } from '@/components/ui/badge'
import { cn } from '@/components/ui/cn'
import { type ProviderStatus, providerStatuses } from '@/lib/lifecycle/table'

/** `sending` and `unknown` are our own words for what OpenAI has not told us. */
const ours: ReadonlySet<ProviderStatus> = new Set(['sending', 'unknown'])

/** What OpenAI says of an attempt: small, mono, an outline, and always named, so that it is never taken for our state. */
export function ProviderMark({ status, className }: { status: ProviderStatus | null; className?: string }) {
  if (status === null) return <span className={cn('text-sm text-faint', className)}>OpenAI: not sent yet</span>
  return (
    <Badge tone="outline" mono title={providerStatuses[status].help} className={cn('font-normal', className)}>
      <span className="font-sans text-faint">OpenAI:</span>
      <span className={cn(ours.has(status) && 'italic')}>{status}</span>
    </Badge>
  )
}
