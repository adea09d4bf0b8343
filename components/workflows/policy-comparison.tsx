import { useId } from 'react'
import { Panel, PanelHeader } from '@/components/ui/panel'
import type { WorkflowDefinition } from '@/lib/workflows/definition'
import { policyChanges } from '@/lib/workflows/policy-words'

export type PolicyComparisonProps = {
  before: Pick<WorkflowDefinition, 'review' | 'delivery' | 'inputSchema'>
  after: Pick<WorkflowDefinition, 'review' | 'delivery' | 'inputSchema'>
  title: string
  /** What the two are called: "Version 3", "Your draft". */
  names: readonly [before: string, after: string]
}

/** What two policies say differently, in sentences, side by side. Nothing where they ask for the same. */
export function PolicyComparison({ before, after, title, names }: PolicyComparisonProps) {
  const id = useId()
  const changes = policyChanges(before, after)
  if (changes.length === 0) return null
  return (
    <Panel aria-labelledby={id} className="overflow-hidden">
      <PanelHeader id={id} title={title} level={3} className="py-1.5" />
      <dl className="divide-y divide-line">
        {changes.map((change) => (
          <div key={change.name} className="grid gap-x-6 gap-y-1 px-4 py-2 lg:grid-cols-[12rem_1fr_1fr]">
            <dt className="text-faint">{change.name}</dt>
            <Side name={names[0]} lines={change.before} look="text-muted" />
            <Side name={names[1]} lines={change.after} look="text-ink" />
          </div>
        ))}
      </dl>
    </Panel>
  )
}

function Side({ name, lines, look }: { name: string; lines: readonly string[]; look: string }) {
  return (
    <dd className={`min-w-0 wrap-anywhere ${look}`}>
      <span className="block text-xs text-faint">{name}</span>
      {lines.length === 0 ? 'nothing' : lines.map((line) => <p key={line}>{line}</p>)}
    </dd>
  )
}
