'use client'
import { Menu as Base } from '@base-ui/react/menu'
import { Check } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { cn } from './cn'
import { useFloatingContainer } from './floating'
import { itemClass, popupClass } from './popup-styles'

export type MenuProps = {
  trigger: ReactElement
  side?: 'top' | 'bottom' | 'left' | 'right'
  align?: 'start' | 'center' | 'end'
  open?: boolean
  onOpenChange?: (open: boolean) => void
  children: ReactNode
}

/** A list of things to do, opened by a button. */
export function Menu({ trigger, side = 'bottom', align = 'start', open, onOpenChange, children }: MenuProps) {
  const container = useFloatingContainer()
  return (
    <Base.Root open={open} onOpenChange={onOpenChange && ((next) => onOpenChange(next))}>
      <Base.Trigger render={trigger} />
      <Base.Portal container={container}>
        <Base.Positioner side={side} align={align} sideOffset={4} className="z-50 outline-hidden">
          <Base.Popup className={cn(popupClass, 'max-h-(--available-height) min-w-44 overflow-y-auto p-1')}>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

export function MenuItem({
  className,
  danger,
  ...rest
}: Omit<Base.Item.Props, 'className'> & { className?: string; danger?: boolean }) {
  return <Base.Item {...rest} className={cn(itemClass, danger && 'text-danger-ink', className)} />
}

/** An item that goes somewhere: pass the link to draw as `render`. */
export function MenuLinkItem({ className, ...rest }: Omit<Base.LinkItem.Props, 'className'> & { className?: string }) {
  return <Base.LinkItem {...rest} className={cn(itemClass, className)} />
}

export function MenuCheckboxItem({
  className,
  children,
  ...rest
}: Omit<Base.CheckboxItem.Props, 'className'> & { className?: string }) {
  return (
    <Base.CheckboxItem {...rest} className={cn(itemClass, 'pr-4', className)}>
      <span className="flex size-4 items-center">
        <Base.CheckboxItemIndicator>
          <Check aria-hidden />
        </Base.CheckboxItemIndicator>
      </span>
      {children}
    </Base.CheckboxItem>
  )
}

export const MenuRadioGroup = Base.RadioGroup

export function MenuRadioItem({
  className,
  children,
  ...rest
}: Omit<Base.RadioItem.Props, 'className'> & { className?: string }) {
  return (
    <Base.RadioItem {...rest} className={cn(itemClass, 'pr-4', className)}>
      <span className="flex size-4 items-center">
        <Base.RadioItemIndicator>
          <Check aria-hidden />
        </Base.RadioItemIndicator>
      </span>
      {children}
    </Base.RadioItem>
  )
}

export function MenuGroup({ label, children }: { label: ReactNode; children: ReactNode }) {
  return (
    <Base.Group>
      <Base.GroupLabel className="px-2 pt-1.5 pb-1 text-xs text-faint">{label}</Base.GroupLabel>
      {children}
    </Base.Group>
  )
}

export function MenuSeparator() {
  return <Base.Separator className="-mx-1 my-1 h-px bg-line" />
}
