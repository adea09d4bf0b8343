import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { SignInForm } from '@/components/auth/sign-in-form'
import { localPath } from '@/lib/access/same-origin'
import { readActor } from '@/lib/access/session.server'
import { signIn } from './actions'

export const metadata: Metadata = { title: 'Sign in' }

export default async function SignInPage({ searchParams }: PageProps<'/sign-in'>) {
  const { next } = await searchParams
  const target = localPath(typeof next === 'string' ? next : null)
  if ((await readActor()) !== null) redirect(target)
  return (
    <>
      <h1 className="text-xl">Sign in</h1>
      <SignInForm next={target} signIn={signIn} />
      <div className="flex flex-col gap-2 border-t border-line pt-4 text-sm text-muted">
        <p>New here? Open the link that an owner gave you. The first owner’s stands where Holdpoint was started.</p>
        <p>
          Password forgotten? Whoever runs the server can print a link that signs you in:
          <code className="mt-1 block text-xs wrap-anywhere">
            npm run -s holdpoint -- users link --email you@example.com
          </code>
        </p>
      </div>
    </>
  )
}
