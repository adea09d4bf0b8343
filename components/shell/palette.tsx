'use client'
import dynamic from 'next/dynamic'
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'
import { isAppleKeyboard } from '@/components/ui/mod-key'
import { opensPalette } from './palette-key'
import type { ShellPerson } from './places'

// Fetched when it is first opened: nobody waits for it to see the list.
const PaletteDialog = dynamic(() => import('./palette-dialog').then((module) => module.PaletteDialog), { ssr: false })

const OpenPalette = createContext<() => void>(() => {})

/** Opens the palette from anywhere inside `Palette`. */
export function usePalette(): () => void {
  return useContext(OpenPalette)
}

/** What lies above the page, in the way of the palette; not what is beside its button, as the notices are, nor in a corner. */
const ABOVE = ':is([role=dialog], [role=alertdialog]):not([data-closed], [data-side], [aria-modal=false])'

/** ⌘K or Ctrl K anywhere: go somewhere, open a job by its number, change the theme. */
export function Palette({ person, children }: { person: ShellPerson; children: ReactNode }) {
  const [open, setOpen] = useState(false)
  const [wanted, setWanted] = useState(false)

  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (!opensPalette(event, isAppleKeyboard())) return
      event.preventDefault()
      if (!open && document.querySelector(ABOVE) !== null) return
      setWanted(true)
      setOpen(!open)
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [open])

  // Until it is fetched and has the focus, the keys of the page are not meant.
  useEffect(() => {
    document.documentElement.toggleAttribute('data-palette', open)
    return () => document.documentElement.removeAttribute('data-palette')
  }, [open])

  function show() {
    setWanted(true)
    setOpen(true)
  }

  return (
    <OpenPalette value={show}>
      {children}
      {wanted && <PaletteDialog person={person} open={open} onOpenChange={setOpen} />}
    </OpenPalette>
  )
}
