'use client'
import dynamic from 'next/dynamic'
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'
import type { ShellPerson } from './places'

// Fetched when it is first opened: nobody waits for it to see the list.
const PaletteDialog = dynamic(() => import('./palette-dialog').then((module) => module.PaletteDialog), { ssr: false })

const OpenPalette = createContext<() => void>(() => {})

/** Opens the palette from anywhere inside `Palette`. */
export function usePalette(): () => void {
  return useContext(OpenPalette)
}

/** ⌘K or Ctrl K anywhere: go somewhere, open a job by its number, change the theme. */
export function Palette({ person, children }: { person: ShellPerson; children: ReactNode }) {
  const [open, setOpen] = useState(false)
  const [wanted, setWanted] = useState(false)

  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey) || event.altKey || event.shiftKey) return
      event.preventDefault()
      setWanted(true)
      setOpen((now) => !now)
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [])

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
