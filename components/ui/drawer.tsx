'use client'
import { Drawer as Base } from '@base-ui/react/drawer'
import type { ReactElement, ReactNode } from 'react'
import { CloseCross } from './close-cross'
import { cn } from './cn'
import { FloatingInBody } from './floating'
import { backdropClass } from './modal-styles'

export type DrawerProps = {
  title: ReactNode
  description?: ReactNode
  trigger?: ReactElement
  open?: boolean
  onOpenChange?: (open: boolean) => void
  footer?: ReactNode
  className?: string
  children: ReactNode
}

/** A sheet that comes up from the lower edge and can be swiped away: what a side pane becomes on a phone. */
export function Drawer({ title, description, trigger, open, onOpenChange, footer, className, children }: DrawerProps) {
  return (
    <Base.Root swipeDirection="down" open={open} onOpenChange={onOpenChange && ((next) => onOpenChange(next))}>
      {trigger && <Base.Trigger render={trigger} />}
      <Base.Portal>
        <FloatingInBody>
          <Base.Backdrop className={backdropClass} />
          <Base.Viewport className="fixed inset-0 z-50 flex items-end justify-center">
            <Base.Popup
              className={cn(
                'flex max-h-[88dvh] w-full max-w-2xl touch-auto flex-col rounded-t-lg border border-line bg-raised text-ink shadow-float outline-hidden',
                'pb-[env(safe-area-inset-bottom)] transition-transform duration-[180ms] [transform:translateY(var(--drawer-swipe-movement-y))] data-swiping:transition-none',
                'data-starting-style:[transform:translateY(100%)] data-ending-style:[transform:translateY(100%)]',
                className,
              )}
            >
              <div aria-hidden className="mx-auto mt-2 h-1 w-9 shrink-0 rounded-full bg-line-strong/50" />
              <div className="flex items-start gap-3 px-4 pt-2">
                <div className="min-w-0 flex-1">
                  <Base.Title className="text-lg font-semibold">{title}</Base.Title>
                  {description && <Base.Description className="text-muted">{description}</Base.Description>}
                </div>
                <Base.Close render={<CloseCross />} />
              </div>
              <Base.Content className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-4 pt-3 pb-4">
                {children}
              </Base.Content>
              {footer && <div className="flex flex-wrap gap-2 border-t border-line px-4 py-3">{footer}</div>}
            </Base.Popup>
          </Base.Viewport>
        </FloatingInBody>
      </Base.Portal>
    </Base.Root>
  )
}
