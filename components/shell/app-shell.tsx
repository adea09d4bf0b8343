import type { ReactNode } from 'react'
import { FloatingMain, FloatingProvider } from '@/components/ui/floating'
import { BottomBar } from './bottom-bar'
import { NoticeNews } from './notices'
import { Palette } from './palette'
import { PasswordBanner } from './password-banner'
import { PinnedNews } from './pinned-views'
import type { ShellPerson } from './places'
import { ProviderBanner } from './provider-banner'
import { ReviewCountNews } from './review-count'
import { SideBar } from './side-bar'

export type AppShellProps = {
  person: ShellPerson
  /** Who answers the paid calls. Pages say so where it is the sandbox, or nobody (null). */
  provider: { name: string | null }
  /** Whether this person folded the side bar the last time. */
  folded: boolean
  /** They came by a one-time link and could not sign in again. */
  needsPassword: boolean
  /** What must be seen on every page, such as a queue that stands still. */
  notices?: ReactNode
  children: ReactNode
}

/** What stands around every page of a signed-in person: where they can go, who they are, and the page itself. */
export function AppShell({ person, provider, folded, needsPassword, notices, children }: AppShellProps) {
  return (
    <FloatingProvider>
      <Palette person={person}>
        <a
          href="#main"
          className="sr-only z-50 rounded-md bg-ink px-3 py-2 text-inverse focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
        >
          Skip to the page
        </a>
        <div className="flex min-h-dvh">
          <SideBar person={person} initiallyFolded={folded} />
          <div className="flex min-w-0 flex-1 flex-col pb-[calc(3.5rem+env(safe-area-inset-bottom))] sm:pb-0">
            <ProviderBanner name={provider.name} />
            {needsPassword && <PasswordBanner />}
            {notices}
            <FloatingMain id="main" tabIndex={-1} className="flex min-w-0 flex-1 flex-col px-4 pt-4 pb-8 sm:px-6">
              {children}
            </FloatingMain>
          </div>
        </div>
        <BottomBar person={person} />
        <NoticeNews />
        <PinnedNews />
        {person.mayReview && <ReviewCountNews />}
      </Palette>
    </FloatingProvider>
  )
}
