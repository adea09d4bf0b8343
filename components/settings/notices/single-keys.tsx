'use client'
import { useEffect, useSyncExternalStore } from 'react'
import { useOutcome } from '@/components/settings/use-outcome'
import { CheckboxField } from '@/components/ui/checkbox'
import { Panel, PanelBody, PanelHeader } from '@/components/ui/panel'
import type { Outcome } from '@/lib/access/outcome'
import { SINGLE_KEYS_STORAGE } from '@/lib/preferences/single-keys'

type Stored = 'on' | 'off' | null

/** What this browser keeps; null: nothing, or it keeps nothing at all. */
function readLocal(): Stored {
  try {
    const value = localStorage.getItem(SINGLE_KEYS_STORAGE)
    return value === 'on' || value === 'off' ? value : null
  } catch {
    return null
  }
}

/** Keeps it in this browser, and tells the pages that follow it, in this tab too. */
function writeLocal(value: 'on' | 'off'): void {
  try {
    localStorage.setItem(SINGLE_KEYS_STORAGE, value)
  } catch {
    // A browser that keeps nothing: the server still knows.
  }
  window.dispatchEvent(new StorageEvent('storage', { key: SINGLE_KEYS_STORAGE, newValue: value }))
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('storage', listener)
  return () => window.removeEventListener('storage', listener)
}

/** Brings what the person chose elsewhere into a browser in which nothing was chosen yet. */
export function SingleKeysMirror({ stored }: { stored: Stored }) {
  useEffect(() => {
    if (stored !== null && readLocal() === null) writeLocal(stored)
  }, [stored])
  return null
}

/** Switches single keys on or off, for the person and in this browser. */
export function SingleKeys(props: { stored: Stored; save: (isOn: boolean) => Promise<Outcome> }) {
  const local = useSyncExternalStore(subscribe, readLocal, () => null)
  const { pending, run } = useOutcome()
  const isOn = (local ?? props.stored ?? 'on') === 'on'
  function change(next: boolean) {
    run(
      () => props.save(next),
      () => writeLocal(next ? 'on' : 'off'),
    )
  }
  return (
    <Panel aria-labelledby="keys">
      <SingleKeysMirror stored={props.stored} />
      <PanelHeader id="keys" title="Keyboard" />
      <PanelBody>
        <CheckboxField
          checked={isOn}
          disabled={pending}
          onCheckedChange={change}
          label="Single keys do something"
          hint="Such as A to approve and J for the next at the desk. Switch them off where a keyboard or a speech program presses them by mistake."
        />
      </PanelBody>
    </Panel>
  )
}
