'use client'
import { useSyncExternalStore } from 'react'

const never = () => () => {}

/** How the key is called that goes with a letter: ⌘ on Apple's keyboards, Ctrl on all others. */
export function ModKey() {
  const isApple = useSyncExternalStore(
    never,
    () => /Mac|iPhone|iPad/.test(navigator.platform),
    () => false,
  )
  return isApple ? '⌘' : 'Ctrl '
}
