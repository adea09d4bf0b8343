'use client'
import { FailedPage } from '@/components/ui/failed-page'

export default function SearchError({ error, retry }: { error: unknown; retry: () => void }) {
  return <FailedPage title="The search could not be made" error={error} retry={retry} />
}
