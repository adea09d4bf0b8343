'use client'
import { AlertDialog as Base } from '@base-ui/react/alert-dialog'
import type { ReactElement, ReactNode } from 'react'
import { cn } from './cn'
import { FloatingInBody } from './floating'
import { backdropClass, modalClass } from './modal-styles'

export type AlertDialogProps = {
  title: ReactNode
  /** What will happen, in words. */
  description: ReactNode
  trigger?: ReactElement
  open?: boolean
  onOpenChange?: (open: boolean) => void
  /** The buttons: the way out first (`AlertDialogClose`), the one that does it last. */
  footer: ReactNode
  className?: string
  children?: ReactNode
}

/** Asks before something that cannot be taken back. Only Escape and its own buttons close it. */
export function AlertDialog(props: AlertDialogProps) {
  const { title, description, trigger, open, onOpenChange, footer, className, children } = props
  return (
    <Base.Root open={open} onOpenChange={onOpenChange && ((next) => onOpenChange(next))}>
      {trigger && <Base.Trigger render={trigger} />}
      <Base.Portal>
        <FloatingInBody>
          <Base.Backdrop className={backdropClass} />
          <Base.Popup className={cn(modalClass, className)}>
            <div className="min-h-0 overflow-y-auto px-5 pt-4 pb-5">
              <Base.Title className="text-lg font-semibold">{title}</Base.Title>
              <Base.Description className="pt-1 text-muted">{description}</Base.Description>
              {children && <div className="pt-3">{children}</div>}
            </div>
            <div className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">{footer}</div>
          </Base.Popup>
        </FloatingInBody>
      </Base.Portal>
    </Base.Root>
  )
}

/** Closes the dialog around it without doing anything; takes the button to draw. */
export const AlertDialogClose = Base.Close
