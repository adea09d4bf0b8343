'use client'
import { FailedPage } from '@/components/ui/failed-page'

export default function NewJobError({ error, retry }: { error: unknown; retry: () => void }) {
  return <FailedPage title="The form could not be read" error={error} retry={retry} />
}
