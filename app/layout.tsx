import type { Metadata, Viewport } from 'next'
import type { ReactNode } from 'react'
import { Providers } from '@/components/theme/providers'
import './globals.css'

export const metadata: Metadata = {
  title: { default: 'Holdpoint', template: '%s · Holdpoint' },
  description: 'The operator dashboard for long-running OpenAI background jobs',
  // What people read here is nobody else's business.
  robots: { index: false, follow: false },
}

export const viewport: Viewport = {
  colorScheme: 'light dark',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#fafafb' },
    { media: '(prefers-color-scheme: dark)', color: '#0f1115' },
  ],
}

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    // next-themes writes the class before React looks.
    <html lang="en" suppressHydrationWarning>
      <body>
        <div className="isolate">
          <Providers now={Date.now()}>{children}</Providers>
        </div>
      </body>
    </html>
  )
}
