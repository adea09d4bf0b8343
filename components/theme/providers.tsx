'use client'
import { NuqsAdapter } from 'nuqs/adapters/next/app'
import type { ReactNode } from 'react'
import { ClockProvider } from '@/components/ui/clock'
import { ToastProvider } from '@/components/ui/toast'
import { TooltipProvider } from '@/components/ui/tooltip'
import { ThemeProvider } from './theme-provider'

/** What every page stands in. `now`: the server's time, in milliseconds since 1970. */
export function Providers({ now, children }: { now: number; children: ReactNode }) {
  return (
    <ThemeProvider>
      <ClockProvider now={now}>
        <NuqsAdapter>
          <TooltipProvider>
            <ToastProvider>{children}</ToastProvider>
          </TooltipProvider>
        </NuqsAdapter>
      </ClockProvider>
    </ThemeProvider>
  )
}
