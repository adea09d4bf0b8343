'use client'
import { FailedPage } from '@/components/ui/failed-page'

export default function AppError({ error, retry }: { error: unknown; retry: () => void }) {
  return (
    <main className="flex min-h-dvh flex-col">
      <FailedPage title="This page could not be read" error={error} retry={retry} />
    </main>
  )
}
