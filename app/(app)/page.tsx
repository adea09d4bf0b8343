import { redirect } from 'next/navigation'

/** The address that the start prints: whoever opens it without a link wants the jobs, or first to sign in. */
export default function HomePage() {
  redirect('/jobs')
}
