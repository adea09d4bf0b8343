'use client'
import { Toast as Base } from '@base-ui/react/toast'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { cn } from './cn'
import { IconButton } from './icon-button'

export type ToastTone = 'neutral' | 'success' | 'danger'

const tones: Record<ToastTone, string> = {
  neutral: 'border-line',
  success: 'border-success/50',
  danger: 'border-danger/60',
}

/**
 * Above what is pinned to the lower edge: what was done covers no button that comes next. `data-pinned` says where it
 * is: at every width, or `below-sm`, or `below-lg`.
 */
const viewportClass = cn(
  'fixed inset-x-4 bottom-20 z-50 flex flex-col gap-2 outline-hidden sm:left-auto sm:right-6 sm:bottom-6 sm:w-96',
  'max-sm:[body:has([data-pinned])_&]:bottom-44 sm:[body:has([data-pinned=true])_&]:bottom-28',
  'sm:max-lg:[body:has([data-pinned=below-lg])_&]:bottom-28',
)

/** What can be pressed in it must be read first, and reached: in milliseconds. */
const WITH_ACTION_MS = 20_000

/** Shows what `useToast` says, in a corner. Once, near the root. */
export function ToastProvider({ children }: { children: ReactNode }) {
  return (
    <Base.Provider timeout={6000} limit={3}>
      {children}
      <Base.Portal>
        <Base.Viewport className={viewportClass}>
          <Toasts />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  )
}

function Toasts() {
  const { toasts } = Base.useToastManager()
  return toasts.map((toast) => (
    <Base.Root
      key={toast.id}
      toast={toast}
      swipeDirection={['right', 'down']}
      className={cn(
        'rounded-md border bg-raised p-3 text-ink shadow-float transition-opacity data-limited:hidden data-starting-style:opacity-0 data-ending-style:opacity-0',
        tones[(toast.type as ToastTone | undefined) ?? 'neutral'],
      )}
    >
      <Base.Content className="flex items-start gap-3">
        <div className="min-w-0 flex-1 wrap-anywhere">
          <Base.Title render={<p />} className="font-semibold" />
          <Base.Description className="text-muted" />
          <Base.Action className="link mt-1 font-medium" />
        </div>
        <Base.Close render={<IconButton label="Dismiss" size="sm" side="left" />}>
          <X aria-hidden />
        </Base.Close>
      </Base.Content>
    </Base.Root>
  ))
}

export type ToastMessage = {
  title: string
  description?: ReactNode
  /** `danger` is read out at once and stays until it is dismissed. */
  tone?: ToastTone
  /** Pressed once: the message goes with it. */
  action?: { label: string; onClick: () => void }
}

/**
 * Says that something was done. Never the only place where a failure shows: it goes away.
 * @returns a function that shows a message and gives back its id.
 */
export function useToast(): (message: ToastMessage) => string {
  const { add, close } = Base.useToastManager()
  return ({ title, description, tone = 'neutral', action }) => {
    const id = add({
      title,
      description,
      type: tone,
      priority: tone === 'danger' ? 'high' : 'low',
      timeout: tone === 'danger' ? 0 : action && WITH_ACTION_MS,
      actionProps: action && {
        children: action.label,
        onClick: () => {
          close(id)
          action.onClick()
        },
      },
    })
    return id
  }
}
