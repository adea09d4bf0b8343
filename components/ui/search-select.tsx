'use client'
import { Combobox as Base } from '@base-ui/react/combobox'
import { Check, ChevronsUpDown, Search } from 'lucide-react'
import { useId } from 'react'
import { cn } from './cn'
import { controlClass } from './control-styles'
import { useFloatingContainer } from './floating'
import { itemClass, popupClass } from './popup-styles'

export type SearchSelectItem<Value extends string> = { value: Value; label: string }
export type SearchSelectGroup<Value extends string> = { label: string; items: readonly SearchSelectItem<Value>[] }

export type SearchSelectProps<Value extends string> = {
  groups: readonly SearchSelectGroup<Value>[]
  value: Value
  onValueChange: (value: Value) => void
  /** What the field for searching says while it is empty. */
  searchLabel: string
  /** What is said where nothing fits. */
  emptyText: string
  disabled?: boolean
  className?: string
}

/** One of many, in groups, found by typing a part of its name. Inside a `Field` its label and error are wired. */
export function SearchSelect<Value extends string>(props: SearchSelectProps<Value>) {
  const { groups, value, onValueChange, searchLabel, emptyText, disabled, className } = props
  const container = useFloatingContainer()
  const searchId = useId()
  const chosen = groups.flatMap(({ items }) => items).find((item) => item.value === value) ?? null
  return (
    <Base.Root
      items={groups}
      value={chosen}
      onValueChange={(item) => item !== null && onValueChange(item.value)}
      disabled={disabled}
      autoHighlight
    >
      <Base.Trigger
        className={cn(
          controlClass,
          'flex h-8 items-center justify-between gap-2 text-left select-none pointer-coarse:h-10',
          className,
        )}
      >
        <span className="min-w-0 truncate">
          <Base.Value />
        </span>
        <Base.Icon className="text-faint">
          <ChevronsUpDown aria-hidden className="size-3.5" />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal container={container}>
        <Base.Positioner sideOffset={4} className="z-50 outline-hidden">
          <Base.Popup
            aria-label={searchLabel}
            className={cn(popupClass, 'w-(--anchor-width) max-w-(--available-width) min-w-64')}
          >
            <div className="relative border-b border-line p-1">
              <Search
                aria-hidden
                className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-faint"
              />
              <span id={searchId} className="sr-only">
                {searchLabel}
              </span>
              <Base.Input
                // Of the field around it, the label names what is chosen; this one names what is typed.
                aria-labelledby={searchId}
                placeholder={searchLabel}
                className="h-8 w-full rounded-sm bg-transparent pr-2 pl-8 text-base text-ink outline-hidden placeholder:text-faint pointer-coarse:h-10 pointer-coarse:text-read"
              />
            </div>
            <Base.Empty className="text-sm text-muted">
              <div className="p-3">{emptyText}</div>
            </Base.Empty>
            <Base.List
              aria-label="Choices"
              className="max-h-[min(22rem,calc(var(--available-height)-3rem))] scroll-py-1 overflow-y-auto overscroll-contain outline-hidden data-empty:hidden"
            >
              {(group: SearchSelectGroup<Value>) => (
                <Base.Group
                  key={group.label}
                  items={group.items}
                  className="p-1 not-first:border-t not-first:border-line"
                >
                  <Base.GroupLabel className="px-2 pt-1.5 pb-1 text-sm font-medium text-muted select-none">
                    {group.label}
                  </Base.GroupLabel>
                  <Base.Collection>
                    {(item: SearchSelectItem<Value>) => (
                      <Base.Item
                        key={item.value}
                        value={item}
                        className={cn(itemClass, 'grid grid-cols-[1rem_1fr] items-start')}
                      >
                        <Base.ItemIndicator className="col-start-1 mt-0.5">
                          <Check aria-hidden className="size-4" />
                        </Base.ItemIndicator>
                        <span className="col-start-2 min-w-0">{item.label}</span>
                      </Base.Item>
                    )}
                  </Base.Collection>
                </Base.Group>
              )}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
