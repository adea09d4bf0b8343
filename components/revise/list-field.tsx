'use client'
import { ArrowDown, ArrowUp, ChevronRight, Plus, Trash2 } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { pointerAttribute } from '@/components/schema-form/focus-field'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { IconButton } from '@/components/ui/icon-button'
import { appendAt, moveAt, removeAt } from '@/lib/compare/edited-text'
import { pointerOf } from '@/lib/compare/json'
import { emptyValue, itemsOf, type Shape } from './schema-at'
import { ValueField, type ValueFieldProps } from './value-field'

/** So many elements are drawn at a time: each has controls. */
const PORTION = 40

/** Lists within lists start folded: they are looked at one by one. */
const DEEP = 2

/** Where the focus goes after the list has changed: to a control of the element there, or to "Add". */
type Focus = { at: number; on: 'field' | 'up' | 'down' | 'remove' } | 'add'

/** The elements of a list, to be edited, added, moved and removed. */
export function ListField(props: Omit<ValueFieldProps, 'value'> & { value: readonly unknown[]; shape: Shape }) {
  const { label, shape, root, value, path, errors, disabled, edit } = props
  const pointer = pointerOf(path)
  const isWrong = errors.some((error) => error.pointer === pointer || error.pointer.startsWith(`${pointer}/`))
  const own = errors.filter((error) => error.pointer === pointer)
  const [isOpen, setOpen] = useState(path.length <= DEEP)
  const [shown, setShown] = useState(PORTION)
  const [focus, setFocus] = useState<Focus | null>(null)
  const list = useRef<HTMLFieldSetElement>(null)
  const items = itemsOf(shape.schema)
  const one = singular(label)
  const open = isOpen || isWrong

  useEffect(() => {
    if (focus === null) return
    const place = focus === 'add' ? null : list.current?.querySelector(`[data-element="${pointer}/${focus.at}"]`)
    const control =
      focus === 'add' || place === null
        ? list.current?.querySelector<HTMLElement>(`[data-add="${pointer}"]`)
        : focus.on === 'field'
          ? place?.querySelector<HTMLElement>('textarea, input:not([type=hidden]), [role=combobox]')
          : place?.querySelector<HTMLElement>(`[data-step="${pointer} ${focus.on}"]:not([data-disabled])`)
    control?.focus()
    setFocus(null)
  }, [focus, pointer])

  function move(from: number, to: number, on: 'up' | 'down') {
    edit((whole) => moveAt(whole, path, from, to))
    // At an end of the list only the other way is left.
    setFocus({ at: to, on: to === 0 ? 'down' : to === value.length - 1 ? 'up' : on })
  }

  function remove(index: number) {
    edit((whole) => removeAt(whole, [...path, index]))
    setFocus(value.length === 1 ? 'add' : { at: Math.min(index, value.length - 2), on: 'remove' })
  }

  function add() {
    edit((whole) => appendAt(whole, path, emptyValue(items, root)))
    setShown(Math.max(shown, value.length + 1))
    setFocus({ at: value.length, on: 'field' })
  }

  return (
    <fieldset ref={list} {...{ [pointerAttribute]: pointer }} className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1 p-0">
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="-ml-1 flex min-h-6 items-center gap-1 rounded-sm px-1 font-medium hover:bg-hover pointer-coarse:min-h-9"
        >
          <ChevronRight aria-hidden className={cn('size-4 text-faint', open && 'rotate-90')} />
          <span className="inline-block first-letter:uppercase">{label}</span>{' '}
          <Badge>{value.length.toLocaleString('en')}</Badge>
        </button>
      </legend>
      {own.map((error) => (
        <p key={error.detail} className="text-sm text-danger-ink">
          {error.detail}
        </p>
      ))}
      {open && (
        <>
          <ol className="flex flex-col gap-2">
            {value.slice(0, shown).map((element, index) => (
              <li
                // biome-ignore lint/suspicious/noArrayIndexKey: elements have no name of their own, and hold no state
                key={index}
                data-element={`${pointer}/${index}`}
                className="flex min-w-0 flex-col gap-1 border-l-2 border-line pl-3 @lg:flex-row-reverse @lg:items-start @lg:gap-2"
              >
                <div className="flex shrink-0 items-center">
                  <span aria-hidden className="mr-auto pr-2 text-sm text-faint @lg:hidden">
                    {index + 1}
                  </span>
                  <IconButton
                    label={`Move ${one} ${index + 1} up`}
                    size="sm"
                    data-step={`${pointer} up`}
                    disabled={disabled || index === 0}
                    onClick={() => move(index, index - 1, 'up')}
                  >
                    <ArrowUp aria-hidden />
                  </IconButton>
                  <IconButton
                    label={`Move ${one} ${index + 1} down`}
                    size="sm"
                    data-step={`${pointer} down`}
                    disabled={disabled || index === value.length - 1}
                    onClick={() => move(index, index + 1, 'down')}
                  >
                    <ArrowDown aria-hidden />
                  </IconButton>
                  <IconButton
                    label={`Remove ${one} ${index + 1}`}
                    size="sm"
                    data-step={`${pointer} remove`}
                    disabled={disabled}
                    onClick={() => remove(index)}
                  >
                    <Trash2 aria-hidden />
                  </IconButton>
                </div>
                <div className="min-w-0 flex-1">
                  <ValueField
                    label={`${one} ${index + 1}`}
                    hideLabel
                    schema={items}
                    root={root}
                    value={element}
                    path={[...path, index]}
                    errors={errors}
                    disabled={disabled}
                    edit={edit}
                  />
                </div>
              </li>
            ))}
          </ol>
          {value.length > shown && (
            <Button size="sm" className="w-fit" onClick={() => setShown(shown + PORTION)}>
              Show {Math.min(PORTION, value.length - shown)} more of {value.length.toLocaleString('en')}
            </Button>
          )}
          <Button size="sm" className="w-fit" data-add={pointer} disabled={disabled} onClick={add}>
            <Plus aria-hidden />
            Add to {label}
          </Button>
        </>
      )}
    </fieldset>
  )
}

/** What one element is called: "findings" has a "finding". Where that would be a guess, the list's own name. */
function singular(label: string): string {
  return /[^s]s$/.test(label) ? label.slice(0, -1) : label
}
