import type { Metadata } from 'next'
import { SignInByLinkForm } from '@/components/auth/sign-in-by-link-form'
import { LinkButton } from '@/components/ui/link-button'
import { type LinkFault, readSignInLink } from '@/lib/access/links.server'
import { readActor } from '@/lib/access/session.server'
import { linkEnds, linkFaultWords } from '@/lib/access/sign-in-words'
import { db } from '@/lib/store/db.server'
import { signInByLink } from './actions'

export const metadata: Metadata = { title: 'Sign in by a link' }

/** Says what the link would do. Only the button does it: previews and scanners of mail open links too. */
export default async function SignInLinkPage({ searchParams }: PageProps<'/sign-in/link'>) {
  const given = (await searchParams).token
  const token = typeof given === 'string' ? given : ''
  const link = await readSignInLink(db(), token)
  if ('fault' in link) return <NotUsable fault={link.fault} />
  const now = await readActor()
  return (
    <>
      <div className="flex flex-col gap-1">
        <h1 className="text-xl wrap-anywhere">Sign in as {link.name}</h1>
        <p className="text-muted wrap-anywhere">{link.email ?? 'no e-mail chosen yet'}</p>
      </div>
      <p>{linkEnds(link)}</p>
      {now !== null && now.userId !== link.userId && (
        <p className="wrap-anywhere">Until then this browser is signed in as {now.name}.</p>
      )}
      <SignInByLinkForm signIn={signInByLink.bind(null, token)} />
      <p className="border-t border-line pt-4 text-sm text-muted">
        Not you? Close this page: opening it has changed nothing.
      </p>
    </>
  )
}

function NotUsable({ fault }: { fault: LinkFault }) {
  return (
    <>
      <h1 className="text-xl">{fault === 'unknown' ? 'There is no such link' : 'This link does not work any more'}</h1>
      <p>{linkFaultWords(fault)}</p>
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
