import { KeyRound } from 'lucide-react'
import Link from 'next/link'

/** Says to somebody who came by a one-time link that they could not sign in again, and where to mend that. */
export function PasswordBanner() {
  return (
    <aside
      aria-label="Your account"
      className="flex items-center gap-2 border-b border-line bg-sunken px-4 py-1 text-sm text-ink sm:px-6"
    >
      <KeyRound aria-hidden className="size-3.5 shrink-0" />
      <p>
        You came by a one-time link.{' '}
        <Link href="/settings/account" className="font-semibold underline underline-offset-2">
          Choose an e-mail and a password
        </Link>
        <span className="max-sm:sr-only"> so that you can sign in again.</span>
      </p>
    </aside>
  )
}
