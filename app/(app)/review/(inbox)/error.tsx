'use client'
import { FailedPage } from '@/components/ui/failed-page'

export default function ReviewError({ error, retry }: { error: unknown; retry: () => void }) {
  return <FailedPage title="The inbox could not be read" error={error} retry={retry} />
}
