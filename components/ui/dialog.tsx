'use client'
import { Dialog as Base } from '@base-ui/react/dialog'
import type { ReactElement, ReactNode } from 'react'
import { CloseCross } from './close-cross'
import { cn } from './cn'
import { FloatingInBody } from './floating'
import { backdropClass, modalClass } from './modal-styles'

export type DialogProps = {
  title: ReactNode
  description?: ReactNode
  /** What opens it. Absent where `open` is given. */
  trigger?: ReactElement
  open?: boolean
  onOpenChange?: (open: boolean) => void
  /** The buttons, the one that does it last. */
  footer?: ReactNode
  className?: string
  /** Gives what has the focus first; else the first thing that can have it. */
  initialFocus?: () => HTMLElement | null
  children?: ReactNode
}

/** Something that takes over for a moment. Closes by Escape, by its cross, and by a click outside. */
export function Dialog(props: DialogProps) {
  const { title, description, trigger, open, onOpenChange, footer, className, initialFocus, children } = props
  return (
    <Base.Root open={open} onOpenChange={onOpenChange && ((next) => onOpenChange(next))}>
      {trigger && <Base.Trigger render={trigger} />}
      <Base.Portal>
        <FloatingInBody>
          <Base.Backdrop className={backdropClass} />
          <Base.Popup
            className={cn(modalClass, className)}
            initialFocus={initialFocus && (() => initialFocus() ?? true)}
          >
            <div className="flex items-start gap-3 px-5 pt-4">
              <Base.Title className="min-w-0 flex-1 text-lg font-semibold">{title}</Base.Title>
              <Base.Close render={<CloseCross />} />
            </div>
            <div className="min-h-0 overflow-y-auto px-5 pt-1 pb-5">
              {description && <Base.Description className="text-muted">{description}</Base.Description>}
              {children && <div className="pt-3">{children}</div>}
            </div>
            {footer && <div className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">{footer}</div>}
          </Base.Popup>
        </FloatingInBody>
      </Base.Portal>
    </Base.Root>
  )
}

/** Closes the dialog around it; takes the button to draw. */
export const DialogClose = Base.Close
