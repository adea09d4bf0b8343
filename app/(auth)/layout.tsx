import type { ReactNode } from 'react'
import { Logo } from '@/components/shell/logo'

// Whether a link still works, and who is signed in, is asked each time.
export const dynamic = 'force-dynamic'

export default function AuthLayout({ children }: { children: ReactNode }) {
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-88 flex-col justify-center gap-6 px-4 py-12">
      <p className="flex items-center gap-2 text-base font-semibold">
        <Logo className="size-5" />
        Holdpoint
      </p>
      {children}
    </main>
  )
}
