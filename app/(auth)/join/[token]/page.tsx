import type { Metadata } from 'next'
import { JoinForm } from '@/components/auth/join-form'
import { LinkButton } from '@/components/ui/link-button'
import { readInvite } from '@/lib/access/links.server'
import { roleInfo } from '@/lib/access/roles'
import { db } from '@/lib/store/db.server'
import { join } from './actions'

export const metadata: Metadata = { title: 'Join' }

export default async function JoinPage({ params }: PageProps<'/join/[token]'>) {
  const { token } = await params
  const invite = await readInvite(db(), token)
  if (invite === null) return <NotUsable />
  return (
    <>
      <div className="flex flex-col gap-1">
        <h1 className="text-xl">Join Holdpoint</h1>
        <p className="text-muted">
          You are invited as {invite.roles.map((role) => roleInfo[role].label.toLowerCase()).join(', ')}.
        </p>
      </div>
      <JoinForm email={invite.email} join={join.bind(null, token)} />
    </>
  )
}

function NotUsable() {
  return (
    <>
      <h1 className="text-xl">This invitation does not work any more</h1>
      <p>It was used already, was withdrawn or replaced, or is older than seven days.</p>
      <p className="text-muted">Ask an owner for a new one. If you have joined before, sign in.</p>
      <LinkButton href="/sign-in" className="self-start">
        Sign in
      </LinkButton>
    </>
  )
}
