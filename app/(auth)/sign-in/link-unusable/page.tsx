import type { Metadata } from 'next'
import { LinkButton } from '@/components/ui/link-button'

export const metadata: Metadata = { title: 'Link not usable' }

export default function LinkUnusablePage() {
  return (
    <>
      <h1 className="text-xl">This link does not work any more</h1>
      <p>A sign-in link works once, for 24 hours, and only the newest one does.</p>
      <div className="flex flex-col gap-2 text-muted">
        <p>
          The first owner gets another one where Holdpoint is started: stop it and run <code>npm start</code> again.
        </p>
        <p>
          For anybody else, whoever runs the server can print one:{' '}
          <code className="wrap-anywhere">npm run -s holdpoint -- users link --email you@example.com</code>
        </p>
      </div>
      <LinkButton href="/sign-in" className="self-start">
        Sign in with a password
      </LinkButton>
    </>
  )
}
