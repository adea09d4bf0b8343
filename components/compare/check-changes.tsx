'use client'
import { Check, type LucideIcon, Minus, X } from 'lucide-react'
import { LongText } from '@/components/job/long-text'
import { cn } from '@/components/ui/cn'
import { PlainText } from '@/components/ui/plain-text'
import type { CheckChange } from './differences'

type CheckView = NonNullable<CheckChange['after']>

const looks: Record<CheckView['outcome'], { icon: LucideIcon; tone: string; word: string }> = {
  pass: { icon: Check, tone: 'text-success-ink', word: 'Passed' },
  fail: { icon: X, tone: 'text-danger-ink font-medium', word: 'Failed' },
  not_applicable: { icon: Minus, tone: 'text-muted', word: 'Does not apply' },
}

/** The automatic checks of both results, those that came out differently first. */
export function CheckChanges({ changes }: { changes: readonly CheckChange[] }) {
  if (changes.length === 0) return <p className="text-muted">No checks were made.</p>
  const order = [...changes.filter(({ isSame }) => !isSame), ...changes.filter(({ isSame }) => isSame)]
  return (
    <ul className="divide-y divide-line">
      {order.map((change, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a workflow may name two of its checks alike
        <li key={index} className="grid gap-x-6 gap-y-1 py-2 first:pt-0 last:pb-0 sm:grid-cols-2">
          <p className="wrap-anywhere sm:col-span-2">
            <PlainText>{change.label}</PlainText>
          </p>
          {change.isSame && change.after !== null ? (
            <Outcome label="Both" check={change.after} />
          ) : (
            <>
              <Outcome label="Before" check={change.before} />
              <Outcome label="After" check={change.after} />
            </>
          )}
        </li>
      ))}
    </ul>
  )
}

function Outcome({ label, check }: { label: string; check: CheckView | null }) {
  if (check === null) return <p className="text-sm text-muted">{label}: it was not made.</p>
  const { icon: Icon, tone, word } = looks[check.outcome]
  return (
    <div className="min-w-0 text-sm">
      <p className={cn('flex items-center gap-1.5', tone)}>
        <span className="font-normal text-faint">{label}:</span>
        <Icon aria-hidden className="size-3.5 shrink-0" />
        {word}
      </p>
      <LongText text={check.detail} portion={600} className="text-muted" />
    </div>
  )
}
