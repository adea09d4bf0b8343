import { QueuesSkeleton } from '@/components/queues/queues-skeleton'

export default function Loading() {
  return <QueuesSkeleton />
}
