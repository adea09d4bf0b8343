'use client'
import { ArrowDown, ArrowUp, Pencil, Trash2 } from 'lucide-react'
import { Badge } from '@/components/ui/badge'
import { IconButton } from '@/components/ui/icon-button'
import { CLASS_WORDS } from '@/lib/lifecycle/retry'
import type { Rule } from '@/lib/rules/types'
import { thenWords, toldWords, whenParts, whenWords } from '@/lib/rules/words'

/** The columns of a row where there is room for them; else its parts stand below one another. */
export const COLUMNS = 'lg:grid lg:grid-cols-[2rem_minmax(0,5fr)_minmax(0,5fr)_minmax(0,6fr)_9rem] lg:gap-x-3'

export type RuleRowProps = {
  rule: Rule
  /** From 1 on: of several that fit, the first decides. */
  place: number
  isChanged: boolean
  /** Where rules are not already gathered by class. */
  showsClass: boolean
  actions: { edit: () => void; remove: () => void; up?: () => void; down?: () => void } | null
}

/** One rule: what it looks at, what becomes of it, what people read. */
export function RuleRow({ rule, place, isChanged, showsClass, actions }: RuleRowProps) {
  const when = whenWords(rule)
  return (
    <li
      className={`relative flex flex-col gap-1 border-b border-line px-3 py-2 last:border-b-0 lg:items-start ${COLUMNS}`}
    >
      <span className="absolute top-2 left-3 text-faint tabular-nums lg:static lg:text-right">
        <span className="sr-only">Rule </span>
        {place}
      </span>
      <span className="min-w-0 pl-8 wrap-anywhere lg:pl-0">
        <When rule={rule} />
        {isChanged && (
          <Badge tone="informative" className="ml-2">
            draft
          </Badge>
        )}
      </span>
      <span className="min-w-0 pl-8 lg:pl-0">
        {showsClass && <Badge className="mr-2">{CLASS_WORDS[rule.class]}</Badge>}
        {thenWords(rule)}
      </span>
      <span className="min-w-0 pl-8 text-muted wrap-anywhere lg:pl-0">
        <span className="sr-only">People read: </span>
        {toldWords(rule)}
      </span>
      {actions && (
        <span className="-ml-1 flex pl-8 lg:justify-end lg:pl-0">
          <IconButton size="sm" label={`Edit: ${when}`} onClick={actions.edit}>
            <Pencil aria-hidden />
          </IconButton>
          {actions.up && (
            <IconButton size="sm" label={`Move up: ${when}`} onClick={actions.up}>
              <ArrowUp aria-hidden />
            </IconButton>
          )}
          {actions.down && (
            <IconButton size="sm" label={`Move down: ${when}`} onClick={actions.down}>
              <ArrowDown aria-hidden />
            </IconButton>
          )}
          <IconButton size="sm" label={`Remove: ${when}`} onClick={actions.remove}>
            <Trash2 aria-hidden />
          </IconButton>
        </span>
      )}
    </li>
  )
}

/** What a rule looks at, with the provider's own spelling set apart. */
export function When({ rule }: { rule: Pick<Rule, 'signal' | 'where'> }) {
  return whenParts(rule).map(({ text, isTheirs }, index) => (
    <span key={text}>
      {index > 0 && ' '}
      {isTheirs ? <code className="text-xs">{text}</code> : text}
    </span>
  ))
}
