'use client'
import Link from 'next/link'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { Time } from '@/components/ui/time'
import type { UnclassifiedGroup } from '@/lib/rules/trial'
import type { Rule } from '@/lib/rules/types'
import { whenWords } from '@/lib/rules/words'
import { When } from './rule-row'

export type UnclassifiedListProps = {
  groups: readonly UnclassifiedGroup[]
  /** Null where this person may not change rules. */
  onRule: ((signal: Rule['signal']) => void) | null
}

/** Codes that no rule names. Each is held for a person until somebody says what it means. */
export function UnclassifiedList({ groups, onRule }: UnclassifiedListProps) {
  if (groups.length === 0) {
    return (
      <EmptyState
        title="Every failure of the last 30 days has a rule"
        hint="A code that nobody has mapped is held for a person, and turns up here."
        className="py-8"
      />
    )
  }
  return (
    <ul className="divide-y divide-line">
      {groups.map(({ code, count, firstAt, lastAt, example, signal }) => (
        <li
          key={`${code} ${signal?.kind} ${signal?.value}`}
          className="grid items-start gap-x-4 gap-y-2 px-4 py-2.5 lg:grid-cols-[minmax(0,4fr)_minmax(0,5fr)_15rem]"
        >
          <div className="min-w-0">
            <p className="wrap-anywhere">
              <span className="font-medium">
                {signal === null ? 'Failed without a code' : <When rule={{ signal, where: null }} />}
              </span>
              <span className="ml-2 text-muted">
                {count.toLocaleString('en')} {count === 1 ? 'time' : 'times'}
              </span>
            </p>
            <p className="text-sm text-muted">
              First seen <Time value={firstAt} />, last <Time value={lastAt} />
            </p>
          </div>
          <div className="min-w-0 text-sm">
            <p>
              Example:{' '}
              <Link href={`/jobs/${example.jobNumber}?tab=attempts`} className="link">
                job #{example.jobNumber}, attempt {example.attempt}
              </Link>
            </p>
            {example.message !== null && <p className="line-clamp-2 text-muted wrap-anywhere">“{example.message}”</p>}
          </div>
          {signal === null ? (
            <p className="text-sm text-muted">No rule can name what came without a code. It stays held for a person.</p>
          ) : (
            onRule && (
              <Button
                size="sm"
                className="justify-self-start lg:justify-self-end"
                onClick={() => onRule(signal)}
                aria-label={`Make a rule: ${whenWords({ signal, where: null })}`}
              >
                Make a rule
              </Button>
            )
          )}
        </li>
      ))}
    </ul>
  )
}
