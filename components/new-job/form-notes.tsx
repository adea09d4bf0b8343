'use client'
import { History, WifiOff } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import type { KeptDraft } from './use-draft'

/** What to know of the form itself: that the network is gone, that it came back, that it is too long to be kept. */
export function FormNotes({ kept, isOnline, disabled }: { kept: KeptDraft; isOnline: boolean; disabled: boolean }) {
  return (
    <>
      {!isOnline && (
        <Callout tone="attention" icon={WifiOff} role="status" title="You are offline">
          What you typed stays. Uploads that were cut off start again by themselves when the connection is back.
        </Callout>
      )}
      {kept.isRestored && (
        <Callout icon={History} role="status">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <span className="flex-1 basis-60">What you had typed before the page was left is here again.</span>
            <Button size="sm" disabled={disabled} onClick={kept.clear}>
              Start over
            </Button>
          </div>
        </Callout>
      )}
      {!kept.isKept && (
        <Callout tone="attention" role="status">
          This form is too long for the browser to keep: a reload would lose it.
        </Callout>
      )}
    </>
  )
}
