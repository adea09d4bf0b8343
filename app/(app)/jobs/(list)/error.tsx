'use client'
import { FailedPage } from '@/components/ui/failed-page'

export default function JobsError({ error, retry }: { error: unknown; retry: () => void }) {
  return <FailedPage title="The jobs could not be read" error={error} retry={retry} />
}
