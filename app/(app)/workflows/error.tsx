'use client'
import { FailedPage } from '@/components/ui/failed-page'

export default function WorkflowsError({ error, retry }: { error: unknown; retry: () => void }) {
  return <FailedPage title="The workflows could not be read" error={error} retry={retry} />
}
