'use client'
import { useSyncExternalStore } from 'react'

/** Where the choice is kept, in this browser: it is about the hands at this keyboard. */
const PLACE = 'holdpoint:single-keys'

const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  window.addEventListener('storage', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('storage', listener)
  }
}

/** Whether single keys do something in this browser. They do unless somebody switched them off. */
export function readSingleKeys(): boolean {
  try {
    return localStorage.getItem(PLACE) !== 'off'
  } catch {
    // A browser that keeps nothing: as if nobody had chosen.
    return true
  }
}

/** Switches single keys on or off, in every tab of this browser. */
export function setSingleKeys(on: boolean): void {
  try {
    localStorage.setItem(PLACE, on ? 'on' : 'off')
  } catch {
    return
  }
  for (const listener of listeners) listener()
}

/** As `readSingleKeys`, drawn anew when it is switched. */
export function useSingleKeys(): boolean {
  return useSyncExternalStore(subscribe, readSingleKeys, () => true)
}
