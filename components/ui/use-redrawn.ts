'use client'
import { useRouter } from 'next/navigation'
import { useEffect } from 'react'

/**
 * Draws the page anew each time that something was read while it `isBehind`. The reading proves that the server is
 * there: a page that is drawn anew without it ends at the browser's own error. Not while a dialog is open: somebody
 * writes in it, and what it asks must not change under their hand.
 * @param readAt when something was last read, in ms; 0: not yet
 */
export function useRedrawn(isBehind: boolean, readAt: number): void {
  const router = useRouter()
  useEffect(() => {
    if (isBehind && readAt > 0 && !isDialogOpen()) router.refresh()
  }, [isBehind, readAt, router])
}

/** What is said in a corner has these roles too, and takes nothing over. */
const DIALOG = ':is([role=dialog], [role=alertdialog]):not([aria-modal=false])'
const isDialogOpen = () => document.querySelector(DIALOG) !== null
