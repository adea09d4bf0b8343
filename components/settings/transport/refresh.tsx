'use client'
import { useRouter } from 'next/navigation'
import { useTransition } from 'react'
import { Button } from '@/components/ui/button'

/** Draws the page anew from what is stored now. */
export function Refresh() {
  const router = useRouter()
  const [pending, start] = useTransition()
  return (
    <Button size="sm" pending={pending} pendingLabel="Checking…" onClick={() => start(() => router.refresh())}>
      Check again
    </Button>
  )
}
