'use client'
import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { AlertDialog, AlertDialogClose } from '@/components/ui/alert-dialog'
import { Button } from '@/components/ui/button'
import { guardLeaving } from './leave-guards'

export type LeaveGuardProps = {
  /** Something would be lost. */
  isActive: boolean
  /** The question, and what would be lost, in words. */
  title: string
  description: string
}

/** Asks before something unfinished is lost: by the browser's own question, or, for links and the palette, by ours. */
export function LeaveGuard({ isActive, title, description }: LeaveGuardProps) {
  const router = useRouter()
  const [wanted, setWanted] = useState<string | null>(null)

  useEffect(() => {
    if (!isActive) return
    const listeners = new AbortController()
    const { signal } = listeners
    window.addEventListener('beforeunload', (event) => event.preventDefault(), { signal })
    const onClick = (event: MouseEvent) => {
      const link = leavingLink(event)
      if (link === null) return
      event.preventDefault()
      event.stopPropagation()
      setWanted(link.pathname + link.search + link.hash)
    }
    // Before the router's own links, which listen further in.
    window.addEventListener('click', onClick, { signal, capture: true })
    const release = guardLeaving(setWanted)
    return () => {
      listeners.abort()
      release()
    }
  }, [isActive])

  return (
    <AlertDialog
      open={wanted !== null && isActive}
      onOpenChange={(open) => !open && setWanted(null)}
      title={title}
      description={description}
      footer={
        <>
          <AlertDialogClose render={<Button>Stay here</Button>} />
          <Button
            variant="danger"
            onClick={() => {
              if (wanted !== null) router.push(wanted)
              setWanted(null)
            }}
          >
            Leave
          </Button>
        </>
      }
    />
  )
}

/** The link of this site by which a plain click would leave the page; null for any other click. */
function leavingLink(event: MouseEvent): HTMLAnchorElement | null {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null
  const link = event.target instanceof Element ? event.target.closest('a') : null
  if (link === null || link.target !== '' || link.origin !== location.origin) return null
  return link.pathname === location.pathname && link.hash !== '' ? null : link
}
