'use client'
import { FailedPage } from '@/components/ui/failed-page'
import { LinkButton } from '@/components/ui/link-button'

export default function JobError({ error, retry }: { error: unknown; retry: () => void }) {
  return (
    <FailedPage title="This job could not be read" error={error} retry={retry}>
      <LinkButton href="/jobs">Go to the jobs</LinkButton>
    </FailedPage>
  )
}
