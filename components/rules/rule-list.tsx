'use client'
import { EmptyState } from '@/components/ui/empty-state'
import { type FailureClass, failureClasses } from '@/lib/lifecycle/failure'
import { CLASS_WORDS } from '@/lib/lifecycle/retry'
import type { Rule } from '@/lib/rules/types'
import { thenWords, toldWords, whenWords } from '@/lib/rules/words'
import { COLUMNS, RuleRow } from './rule-row'

/** By what they are sorted: their class, or their place, in which they can be moved. */
export type RuleSorting = 'class' | 'place'

export type RuleListProps = {
  rules: readonly Rule[]
  sorting: RuleSorting
  /** Only rules with these words are shown. */
  search: string
  /** Rules that are not as they are in force. */
  changed: ReadonlySet<string>
  edit: { open: (rule: Rule) => void; remove: (rule: Rule) => void; move: (rule: Rule, by: -1 | 1) => void } | null
}

type Placed = { rule: Rule; place: number }

/** The rules. The number is their place: of several that fit, the first decides. */
export function RuleList({ rules, sorting, search, changed, edit }: RuleListProps) {
  const wanted = search.trim().toLowerCase()
  const shown = rules
    .map((rule, index) => ({ rule, place: index + 1 }))
    .filter(({ rule }) => wordsOf(rule).includes(wanted))
  if (rules.length === 0) {
    return <EmptyState title="There are no rules" hint="Every failure would be held for a person." className="py-8" />
  }
  if (shown.length === 0) {
    return (
      <EmptyState title="No rule has these words" hint="Search for a code, a status or a class." className="py-8" />
    )
  }
  const row = ({ rule, place }: Placed) => (
    <RuleRow
      key={rule.id}
      rule={rule}
      place={place}
      isChanged={changed.has(rule.id)}
      showsClass={sorting === 'place'}
      actions={
        edit && {
          edit: () => edit.open(rule),
          remove: () => edit.remove(rule),
          ...(sorting === 'place' && place > 1 && { up: () => edit.move(rule, -1) }),
          ...(sorting === 'place' && place < rules.length && { down: () => edit.move(rule, 1) }),
        }
      }
    />
  )
  return (
    <div className="overflow-hidden rounded-md border border-line bg-surface">
      <div
        aria-hidden
        className={`hidden h-8 items-center border-b border-line px-3 text-sm font-medium text-faint ${COLUMNS}`}
      >
        <span className="text-right">#</span>
        <span>When</span>
        <span>Then</span>
        <span>People read</span>
      </div>
      {sorting === 'place' ? (
        <ol aria-label="Rules in their order">{shown.map(row)}</ol>
      ) : (
        failureClasses.map((failureClass) => {
          const group = shown.filter(({ rule }) => rule.class === failureClass)
          if (group.length === 0) return null
          return (
            <div key={failureClass}>
              <div className="flex flex-wrap gap-x-2 border-b border-line bg-sunken px-3 py-1.5 text-sm">
                <h3 id={`class-${failureClass}`} className="font-semibold">
                  {capital(CLASS_WORDS[failureClass])}
                </h3>
                <p className="text-muted">{CLASS_HINTS[failureClass]}</p>
              </div>
              <ol aria-labelledby={`class-${failureClass}`} className="border-b border-line">
                {group.map(row)}
              </ol>
            </div>
          )
        })
      )}
    </div>
  )
}

function wordsOf(rule: Rule): string {
  return `${whenWords(rule)} ${thenWords(rule)} ${toldWords(rule)} ${CLASS_WORDS[rule.class]}`.toLowerCase()
}

const CLASS_HINTS: Record<FailureClass, string> = {
  infrastructure: 'is tried again by itself',
  timeout: 'is tried again by itself',
  malformed_input: 'fails, and is never tried again by itself',
  policy: 'fails, and is never tried again by itself',
  review_required: 'is held for a person, and is never tried again by itself',
  unclassified: 'is held for a person, and is never tried again by itself',
}

const capital = (words: string) => words.charAt(0).toUpperCase() + words.slice(1)
