'use client'
import { FailedPage } from '@/components/ui/failed-page'

export default function QueuesError({ error, retry }: { error: unknown; retry: () => void }) {
  return <FailedPage title="The queues could not be read" error={error} retry={retry} />
}
