'use client'
import { useMemo, useState } from 'react'
import { EmptyState } from '@/components/ui/empty-state'
import { Select } from '@/components/ui/select'
import { type AnnotationFinding, checkAnnotations } from '@/lib/evidence/annotations'
import type { ItemType } from '@/lib/evidence/item-types'
import type { JobView, TraceItemView } from '@/lib/jobs/view'
import { Portion } from '../portion'
import { TraceItem } from './trace-item'

/** What the model did, step by step, for reading: one attempt at a time. */
export function Trace({ job }: { job: JobView }) {
  const numbers = [...new Set(job.trace.map((item) => item.attempt))].sort((a, b) => b - a)
  const [chosen, setChosen] = useState<string | null>(null)
  const attempt = numbers.find((number) => String(number) === chosen) ?? numbers[0]
  const items = useMemo(() => job.trace.filter((item) => item.attempt === attempt), [job.trace, attempt])
  const findings = useMemo(() => findingsOf(items), [items])
  if (attempt === undefined) {
    return (
      <EmptyState
        title="There is no trace yet"
        hint="OpenAI hands out what the model did only with its final answer: reasoning summaries, searches and tool calls."
      />
    )
  }
  const newest = job.attempts[0]?.number
  return (
    <section aria-label="Trace">
      <div className="flex flex-wrap items-center gap-3">
        {numbers.length > 1 ? (
          <Select
            aria-label="Attempt"
            className="w-36"
            items={numbers.map((number) => ({ value: String(number), label: `Attempt ${number}` }))}
            value={String(attempt)}
            onValueChange={setChosen}
          />
        ) : (
          <h2 className="font-semibold">Attempt {attempt}</h2>
        )}
        <p className="text-muted">
          {items.length} {items.length === 1 ? 'step' : 'steps'}, in the order in which OpenAI gives them.
          {newest !== undefined && newest !== attempt && ` Attempt ${newest} is newer.`}
        </p>
      </div>
      <Portion
        items={items}
        noun="steps"
        wrap={(children) => <ol className="mt-4 max-w-4xl">{children}</ol>}
        draw={(item, index) => (
          <TraceItem
            key={`${item.attempt} ${item.position}`}
            item={item}
            findings={findings === null ? null : (findings.get(index) ?? NONE)}
          />
        )}
      />
    </section>
  )
}

const NONE: readonly AnnotationFinding[] = []

/** What annotations are compared with: the text that they mark, and what was searched and run. */
const COMPARED = new Set<string>([
  'message',
  'web_search_call',
  'file_search_call',
  'code_interpreter_call',
] satisfies ItemType[])

/** By step, what its annotations come to. Null where one of those was cut: then marks and sources may be missing here. */
function findingsOf(items: readonly TraceItemView[]): Map<number, AnnotationFinding[]> | null {
  if (items.some((item) => item.cut && COMPARED.has(item.type))) return null
  const byItem = new Map<number, AnnotationFinding[]>()
  for (const finding of checkAnnotations(items.map((item) => item.data))) {
    const before = byItem.get(finding.item)
    if (before === undefined) byItem.set(finding.item, [finding])
    else before.push(finding)
  }
  return byItem
}
