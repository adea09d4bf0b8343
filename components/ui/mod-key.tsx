'use client'
import { useSyncExternalStore } from 'react'

const never = () => () => {}

/** Whether ⌘ goes with a letter here. In a browser only. */
export function isAppleKeyboard(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.platform)
}

/** How the key is called that goes with a letter: ⌘ on Apple's keyboards, Ctrl on all others. */
export function ModKey() {
  const isApple = useSyncExternalStore(never, isAppleKeyboard, () => false)
  return isApple ? '⌘' : 'Ctrl '
}
