'use client'
import { useEffect, useEffectEvent } from 'react'
import { type KeyName, type KeyPlace, keyOf, type Press } from './keys'
import { readSingleKeys } from './single-keys'

/** What takes keys for itself while the focus is inside. */
const TAKES = [
  'input:not([type=checkbox], [type=radio], [type=button])',
  'textarea',
  'select',
  '[contenteditable=true]',
  '[role=textbox]',
  '[role=combobox]',
  '[role=dialog]',
  '[role=alertdialog]',
  '[role=menu]',
  '[role=listbox]',
].join()
const STEPS = '[data-claim], [role=tablist], [role=radiogroup], [type=radio], [tabindex="0"]:not(button, a)'
const PRESSES = 'a[href], button, summary, [role=button], [role=tab], [role=checkbox]'

/**
 * Gives each key of `place` to its handler. Nothing fires while somebody types, in a dialog, with a modifier, while a
 * character is composed, or where single keys are switched off.
 * @param enabled false while something is open that the focus may not have reached yet
 */
export function useKeys(place: KeyPlace, handlers: Partial<Record<KeyName, () => void>>, enabled = true): void {
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (!enabled || event.defaultPrevented || !readSingleKeys()) return
    const name = keyOf(pressOf(event), place)
    const handle = name === null ? undefined : handlers[name]
    if (handle === undefined) return
    event.preventDefault()
    handle()
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKeyDown(event)
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])
}

function pressOf(event: KeyboardEvent): Press {
  const at = event.target instanceof Element ? event.target : null
  const { key, ctrlKey, metaKey, altKey, repeat } = event
  return {
    key,
    ctrlKey,
    metaKey,
    altKey,
    repeat,
    // Some browsers send the last key of a composition after its end, with this code only.
    isComposing: event.isComposing || event.keyCode === 229,
    hasAltGraph: event.getModifierState('AltGraph'),
    // The palette takes keys before it has the focus.
    isTaken: document.documentElement.hasAttribute('data-palette') || at?.closest(TAKES) != null,
    ownsArrows: at?.closest(STEPS) != null,
    ownsEnter: at?.closest(PRESSES) != null,
  }
}
