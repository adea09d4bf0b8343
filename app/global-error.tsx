'use client'
import { FailedPage } from '@/components/ui/failed-page'
import './globals.css'

export default function GlobalError({ error, retry }: { error: unknown; retry: () => void }) {
  return (
    <html lang="en">
      <body>
        <title>Not readable now · Holdpoint</title>
        <main className="flex min-h-dvh flex-col">
          <FailedPage title="Holdpoint could not be read" error={error} retry={retry} />
        </main>
      </body>
    </html>
  )
}
