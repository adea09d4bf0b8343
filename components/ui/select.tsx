'use client'
import { Select as Base } from '@base-ui/react/select'
import { Check, ChevronsUpDown } from 'lucide-react'
import type { ReactNode } from 'react'
import { cn } from './cn'
import { controlClass } from './control-styles'
import { useFloatingContainer } from './floating'
import { itemClass, popupClass } from './popup-styles'

export type SelectItem<Value extends string> = { value: Value; label: string; hint?: ReactNode; disabled?: boolean }

export type SelectProps<Value extends string> = {
  items: readonly SelectItem<Value>[]
  value?: Value | null
  defaultValue?: Value | null
  onValueChange?: (value: Value) => void
  onOpenChange?: (open: boolean) => void
  placeholder?: string
  name?: string
  required?: boolean
  disabled?: boolean
  className?: string
  /** Only where no `Field` gives it a label. */
  'aria-label'?: string
}

/** One of a few. Inside a `Field` its label, hint and error are wired by themselves. */
export function Select<Value extends string>(props: SelectProps<Value>) {
  const {
    items,
    placeholder = 'Choose…',
    className,
    onValueChange,
    onOpenChange,
    'aria-label': ariaLabel,
    ...rest
  } = props
  const container = useFloatingContainer()
  return (
    <Base.Root
      {...rest}
      items={items}
      onOpenChange={onOpenChange && ((open) => onOpenChange(open))}
      onValueChange={(value) => value !== null && onValueChange?.(value)}
    >
      <Base.Trigger
        aria-label={ariaLabel}
        className={cn(
          controlClass,
          'flex h-8 items-center justify-between gap-2 text-left select-none pointer-coarse:h-10',
          className,
        )}
      >
        <Base.Value className="min-w-0 truncate data-placeholder:text-faint" placeholder={placeholder} />
        <Base.Icon className="text-faint">
          <ChevronsUpDown aria-hidden className="size-3.5" />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal container={container}>
        <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50 outline-hidden">
          <Base.Popup className={cn(popupClass, 'min-w-(--anchor-width)')}>
            <Base.List
              aria-label={ariaLabel ?? 'Choices'}
              className="max-h-[min(24rem,var(--available-height))] overflow-y-auto p-1"
            >
              {items.map((item) => (
                <Base.Item
                  key={item.value}
                  value={item.value}
                  disabled={item.disabled}
                  className={cn(itemClass, 'grid grid-cols-[1rem_1fr] items-start')}
                >
                  <Base.ItemIndicator className="col-start-1 mt-0.5">
                    <Check aria-hidden className="size-4" />
                  </Base.ItemIndicator>
                  <span className="col-start-2 min-w-0">
                    <Base.ItemText>{item.label}</Base.ItemText>
                    {item.hint && <span className="block max-w-80 text-sm text-muted">{item.hint}</span>}
                  </span>
                </Base.Item>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
