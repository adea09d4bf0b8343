'use client'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'

/** The cache of what was read from the API. One a tab: on the server one a request, so that nobody reads another's. */
export function QueryProvider({ children }: { children: ReactNode }) {
  const [client] = useState(
    () =>
      new QueryClient({
        defaultOptions: {
          queries: {
            // The server drew the page with data of this moment: do not ask again at once.
            staleTime: 2_000,
            // Polling asks again anyway, and a page that says that a refresh failed must not wait for three tries.
            retry: false,
          },
        },
      }),
  )
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>
}
