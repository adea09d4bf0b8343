'use client'
import { Popover as Base } from '@base-ui/react/popover'
import type { ReactElement, ReactNode } from 'react'
import { cn } from './cn'
import { useFloatingContainer } from './floating'
import { popupClass } from './popup-styles'

export type PopoverProps = {
  trigger: ReactElement
  title?: ReactNode
  description?: ReactNode
  side?: 'top' | 'bottom' | 'left' | 'right'
  align?: 'start' | 'center' | 'end'
  open?: boolean
  onOpenChange?: (open: boolean) => void
  className?: string
  children?: ReactNode
}

/** More about one thing, beside it. */
export function Popover(props: PopoverProps) {
  const {
    trigger,
    title,
    description,
    side = 'bottom',
    align = 'start',
    open,
    onOpenChange,
    className,
    children,
  } = props
  const container = useFloatingContainer()
  return (
    <Base.Root open={open} onOpenChange={onOpenChange && ((next) => onOpenChange(next))}>
      <Base.Trigger render={trigger} />
      <Base.Portal container={container}>
        <Base.Positioner side={side} align={align} sideOffset={6} collisionPadding={8} className="z-50">
          <Base.Popup className={cn(popupClass, 'max-w-[min(24rem,calc(100vw-1rem))] p-3', className)}>
            {title && <Base.Title className="font-semibold">{title}</Base.Title>}
            {description && <Base.Description className="text-muted">{description}</Base.Description>}
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
