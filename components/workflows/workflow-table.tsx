import { DoorClosed, OctagonPause } from 'lucide-react'
import Link from 'next/link'
import { Badge } from '@/components/ui/badge'
import { Table, TBody, Td, THead, Th, Tr } from '@/components/ui/table'
import { Time } from '@/components/ui/time'
import type { QueueNotes } from '@/lib/queues/view'
import type { WorkflowDefinition } from '@/lib/workflows/definition'
import { reviewWords } from '@/lib/workflows/policy-words'
import { kindWords, numberWords, toolName, toolRisk } from '@/lib/workflows/words'
import { RiskBadge } from './risk-badge'

export type ShownWorkflow = {
  key: string
  version: number
  publishedAt: string
  /** When it was retired; null while it is offered. */
  retiredAt: string | null
  definition: WorkflowDefinition
  jobs: { all: number; open: number }
  /** What is not as usual with its queue; absent: nothing. */
  queue?: QueueNotes[string]
}

/** Workflows in their current version, one a row. On a phone each is a block of its own. */
export function WorkflowTable({ label, workflows }: { label: string; workflows: readonly ShownWorkflow[] }) {
  return (
    <>
      <div className="max-md:hidden">
        <Table label={label}>
          <THead>
            <Tr>
              <Th>Workflow</Th>
              <Th>Version</Th>
              <Th>Who must approve</Th>
              <Th>Tools</Th>
              <Th className="text-right">Under way</Th>
              <Th className="text-right">Jobs in all</Th>
            </Tr>
          </THead>
          <TBody>
            {workflows.map((workflow) => (
              <Row key={workflow.key} workflow={workflow} />
            ))}
          </TBody>
        </Table>
      </div>
      <ul aria-label={label} className="divide-y divide-line rounded-md border border-line bg-surface md:hidden">
        {workflows.map((workflow) => (
          <Block key={workflow.key} workflow={workflow} />
        ))}
      </ul>
    </>
  )
}

function Row({ workflow }: { workflow: ShownWorkflow }) {
  const { definition, jobs } = workflow
  return (
    <Tr className="align-top">
      <Td className="min-w-64">
        <Name workflow={workflow} />
        <p className="text-sm text-muted">
          {definition.model} gives {kindWords[definition.kind]}
        </p>
      </Td>
      <Td className="whitespace-nowrap">
        <Version workflow={workflow} />
      </Td>
      <Td className="min-w-40 text-muted">{reviewWords(definition.review)}</Td>
      <Td>
        <Tools definition={definition} />
      </Td>
      <Td numeric>{numberWords(jobs.open)}</Td>
      <Td numeric>
        <JobsLink workflow={workflow} />
      </Td>
    </Tr>
  )
}

function Block({ workflow }: { workflow: ShownWorkflow }) {
  const { definition, jobs } = workflow
  return (
    <li className="flex flex-col gap-1 px-4 py-3">
      <Name workflow={workflow} />
      <p className="text-sm text-muted">
        {definition.model} gives {kindWords[definition.kind]}. Approval: {reviewWords(definition.review).toLowerCase()}.
      </p>
      <Tools definition={definition} />
      <div className="flex flex-wrap gap-x-3 text-sm text-muted">
        <span>
          Version <Version workflow={workflow} />
        </span>
        <span>
          {numberWords(jobs.open)} under way, <JobsLink workflow={workflow} /> in all
        </span>
      </div>
    </li>
  )
}

function Name({ workflow: { key, definition, retiredAt, queue } }: { workflow: ShownWorkflow }) {
  return (
    <p className="flex flex-wrap items-baseline gap-x-2">
      <Link href={`/workflows/${key}`} className="font-medium wrap-anywhere hover:underline">
        {definition.name}
      </Link>
      <code className="text-xs text-faint">{key}</code>
      {retiredAt !== null && <Badge tone="struck">Retired</Badge>}
      {queue?.stopped && (
        <Badge tone="attention">
          <OctagonPause aria-hidden />
          Sending stands still
        </Badge>
      )}
      {queue !== undefined && queue.drained !== null && (
        <Badge tone="attention">
          <DoorClosed aria-hidden />
          No new jobs
        </Badge>
      )}
    </p>
  )
}

function Version({ workflow: { version, publishedAt } }: { workflow: ShownWorkflow }) {
  return (
    <span>
      {version} <span className="text-sm text-faint">· </span>
      <Time value={publishedAt} className="text-sm text-muted" />
    </span>
  )
}

function Tools({ definition }: { definition: WorkflowDefinition }) {
  if (definition.tools.length === 0) return <span className="text-muted max-md:hidden">none</span>
  return (
    <ul className="flex flex-col gap-1">
      {definition.tools.map((tool) => (
        <li key={toolName(tool)} className="flex flex-wrap items-center gap-x-2">
          <code className="text-xs wrap-anywhere">{toolName(tool)}</code>
          <RiskBadge risk={toolRisk(tool)} />
        </li>
      ))}
    </ul>
  )
}

function JobsLink({ workflow: { key, definition, jobs } }: { workflow: ShownWorkflow }) {
  if (jobs.all === 0) return '0'
  return (
    <Link href={`/jobs?workflow=${key}`} className="text-accent-ink underline">
      {numberWords(jobs.all)}
      <span className="sr-only"> jobs of {definition.name}</span>
    </Link>
  )
}
