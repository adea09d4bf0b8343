'use client'
import { FailedPage } from '@/components/ui/failed-page'
import { LinkButton } from '@/components/ui/link-button'

export default function DeskError({ error, retry }: { error: unknown; retry: () => void }) {
  return (
    <FailedPage title="This job could not be read" error={error} retry={retry}>
      <LinkButton href="/review">Go to the inbox</LinkButton>
    </FailedPage>
  )
}
