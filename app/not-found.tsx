import { LinkButton } from '@/components/ui/link-button'

export const metadata = { title: 'Not found' }

export default function NotFound() {
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col items-start justify-center gap-2 px-6">
      <p className="font-mono text-sm text-muted">404</p>
      <h1 className="text-xl">There is no such page</h1>
      <p className="text-muted">
        The address may be mistyped, or it names something that you may not see. Jobs are found by their number, like
        /jobs/1042.
      </p>
      <LinkButton href="/jobs" variant="primary" className="mt-3">
        Go to the jobs
      </LinkButton>
    </main>
  )
}
