'use client'
import Link from 'next/link'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { Time } from '@/components/ui/time'
import type { UnclassifiedGroup } from '@/lib/rules/trial'
import type { Rule } from '@/lib/rules/types'

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
          className="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 py-2.5"
        >
          <div className="min-w-0 flex-1 basis-56">
            <p className="wrap-anywhere">
              <code className="text-xs font-semibold">{code}</code>
              <span className="ml-2 text-muted">
                {count.toLocaleString('en')} {count === 1 ? 'time' : 'times'}
              </span>
            </p>
            <p className="text-sm text-muted">
              First seen <Time value={firstAt} />, last <Time value={lastAt} />
            </p>
          </div>
          <div className="min-w-0 flex-[2] basis-64 text-sm">
            <p>
              Example:{' '}
              <Link href={`/jobs/${example.jobNumber}?tab=attempts`} className="link">
                job #{example.jobNumber}, attempt {example.attempt}
              </Link>
            </p>
            {example.message !== null && <p className="line-clamp-2 text-muted wrap-anywhere">“{example.message}”</p>}
          </div>
          {signal === null ? (
            <p className="max-w-56 text-sm text-muted">
              It came without a code, so that no rule can name it. Each is held for a person.
            </p>
          ) : (
            onRule && (
              <Button size="sm" onClick={() => onRule(signal)} aria-label={`Make a rule for ${code}`}>
                Make a rule
              </Button>
            )
          )}
        </li>
      ))}
    </ul>
  )
}
