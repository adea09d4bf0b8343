'use client'
import { LongText } from '@/components/job/long-text'
import { Portion } from '@/components/job/portion'
import { Badge } from '@/components/ui/badge'
import { JsonView } from '@/components/ui/json-view'
import { PlainText } from '@/components/ui/plain-text'
import { compareJson } from '@/lib/compare/json'
import type { CallStep, StepChange } from './differences'
import { FieldChanges } from './field-changes'

type Names = { before: string; after: string }

/** Which tools were called with what, on both sides, in order. */
export function StepChanges({ changes, names }: { changes: readonly StepChange[]; names: Names }) {
  if (changes.length === 0) return <p className="text-muted">Neither called a tool.</p>
  return (
    <Portion
      items={changes}
      noun="calls"
      wrap={(children) => <ol className="divide-y divide-line">{children}</ol>}
      draw={(change, index) => <Step key={index} change={change} names={names} />}
    />
  )
}

function Step({ change: { before, after, isSame }, names }: { change: StepChange; names: Names }) {
  const step = after ?? before
  if (step === null) return null
  const word = before === null ? 'New' : after === null ? 'Gone' : isSame ? 'The same' : 'Changed'
  return (
    <li className="flex items-start gap-2 py-2.5 first:pt-0 last:pb-0">
      <Badge tone="outline" className="mt-0.5 w-18 shrink-0 justify-center">
        {word}
      </Badge>
      <div className="min-w-0 flex-1">
        <p className="wrap-anywhere">
          <PlainText>{step.title}</PlainText>
          {step.name !== null && (
            <>
              {' '}
              <code className="text-sm">
                <PlainText>{step.name.slice(0, 300)}</PlainText>
              </code>
            </>
          )}
        </p>
        {before !== null && after !== null && !isSame ? (
          <FieldChanges diff={compareJson(before.arguments, after.arguments)} names={names} />
        ) : (
          <Given step={step} />
        )}
        {(before?.cut || after?.cut) && (
          <p className="text-sm text-muted">It is shown here in part. The trace has more of it.</p>
        )}
      </div>
    </li>
  )
}

function Given({ step }: { step: CallStep }) {
  const given = step.arguments
  if (given === null || given === undefined || given === '') return null
  if (typeof given === 'object') return <JsonView value={given} depth={1} />
  return <LongText text={String(given)} portion={400} className="text-sm text-muted" />
}
