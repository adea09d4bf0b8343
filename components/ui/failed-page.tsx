'use client'
import { type ReactNode, useEffect } from 'react'
import { Button } from './button'

/** How long between two tries of its own: a database that comes back should not need a person to press anything. */
const RETRY_MS = 5_000

export type FailedPageProps = {
  title: ReactNode
  /** The value that was thrown. Of a server's error only its `digest` may be shown: it finds the line in the log. */
  error: unknown
  retry: () => void
  /** What can be done besides trying again. */
  children?: ReactNode
}

/** A page that could not be drawn: says so, tries again by itself, and gives the id under which the log has it. */
export function FailedPage({ title, error, retry, children }: FailedPageProps) {
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) retry()
    }, RETRY_MS)
    return () => clearInterval(timer)
  }, [retry])
  const digest = digestOf(error)
  return (
    <div role="alert" className="mx-auto flex max-w-md flex-1 flex-col items-start justify-center gap-2 px-6 py-16">
      <h1 className="text-xl">{title}</h1>
      <p className="text-muted">
        The server could not answer; its database may be away. Nothing that was stored is lost. This page tries again by
        itself every five seconds.
      </p>
      {digest !== null && (
        <p className="text-sm text-muted">
          In the server’s log it is <code>{digest}</code>.
        </p>
      )}
      <div className="mt-3 flex flex-wrap gap-2">
        <Button variant="primary" onClick={retry}>
          Try again now
        </Button>
        {children}
      </div>
    </div>
  )
}

function digestOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('digest' in error)) return null
  return typeof error.digest === 'string' ? error.digest : null
}
