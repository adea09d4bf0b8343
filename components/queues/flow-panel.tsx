'use client'
import Link from 'next/link'
import { Table, TBody, Td, THead, Th, Tr } from '@/components/ui/table'
import type { Beside, Flow, FlowStep, StretchView } from '@/lib/queues/figures-view'
import type { Period } from '@/lib/queues/period'
import { ChartFrame } from './chart-frame'
import { Legend, type Series } from './chart-marks'
import { Lines } from './lines'
import { flowHref } from './links'
import { useZone } from './use-zone'
import { count, flowInfo, periodWords, rateWords, stepWords } from './words'

const SERIES: Series[] = [
  { name: 'arrived', label: flowInfo.arrived, stroke: 'var(--informative)', shape: 'circle' },
  { name: 'completed', label: flowInfo.completed, stroke: 'var(--ink)', dash: '6 3', shape: 'square' },
  { name: 'failed', label: flowInfo.failed, stroke: 'var(--danger)', dash: '2 3', shape: 'triangle' },
]
const KINDS = ['arrived', 'completed', 'failed', 'expired', 'abandoned'] as const

type FlowPanelProps = {
  flow: Beside<Flow>
  steps: readonly FlowStep[]
  stretch: Beside<StretchView>
  period: Period
  /** Of one workflow; null: of all. */
  workflow: string | null
}

/** What came and what became of it, beside the period before. */
export function FlowPanel({ flow, steps, stretch, period, workflow }: FlowPanelProps) {
  const zone = useZone()
  const points = steps.map((step) => ({
    label: stepWords(step.from, period, zone),
    values: { arrived: step.arrived, completed: step.completed, failed: step.failed },
    hrefs: Object.fromEntries(SERIES.map(({ name }) => [name, flowHref(name as keyof Flow, step, workflow)])),
  }))
  const { arrived, completed, failed } = flow.now
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <ChartFrame
        id="flow"
        title="In and out"
        hint={`How many came and went in ${periodWords(period)}, beside the period before.`}
        summary={`In ${periodWords(period)} ${count(arrived)} jobs arrived, ${count(completed)} were completed and ${count(failed)} failed.`}
        legend={<Legend series={SERIES} />}
        chart={<Lines series={SERIES} points={points} words={count} />}
        table={<StepTable steps={steps} period={period} zone={zone} workflow={workflow} />}
      />
      <Table label="In and out, beside the period before">
        <THead>
          <Tr>
            <Th>
              <span className="sr-only">What became of them</span>
            </Th>
            <Th className="text-right">Now</Th>
            <Th className="text-right">Before</Th>
            <Th className="text-right">Rate now</Th>
            <Th className="text-right">Rate before</Th>
          </Tr>
        </THead>
        <TBody>
          {KINDS.map((kind) => (
            <Tr key={kind}>
              <Th scope="row" className="h-10 border-b border-line font-normal group-last/row:border-b-0">
                {flowInfo[kind]}
              </Th>
              <Td numeric className="tabular-nums">
                <Link href={flowHref(kind, stretch.now, workflow)} prefetch={false} className="hover:underline">
                  {count(flow.now[kind])}
                </Link>
              </Td>
              <Td numeric className="text-muted tabular-nums">
                {count(flow.before[kind])}
              </Td>
              <Td numeric className="whitespace-nowrap tabular-nums">
                {rateWords(flow.now[kind], stretch.now)}
              </Td>
              <Td numeric className="whitespace-nowrap text-muted tabular-nums">
                {rateWords(flow.before[kind], stretch.before)}
              </Td>
            </Tr>
          ))}
        </TBody>
      </Table>
    </div>
  )
}

type StepTableProps = Pick<FlowPanelProps, 'steps' | 'period' | 'workflow'> & { zone: string | undefined }

function StepTable({ steps, period, zone, workflow }: StepTableProps) {
  return (
    <Table label="In and out, step by step">
      <THead>
        <Tr>
          <Th>From</Th>
          {KINDS.map((kind) => (
            <Th key={kind} className="text-right">
              {flowInfo[kind]}
            </Th>
          ))}
        </Tr>
      </THead>
      <TBody>
        {steps.map((step) => (
          <Tr key={step.from}>
            <Td className="whitespace-nowrap tabular-nums">{stepWords(step.from, period, zone)}</Td>
            {KINDS.map((kind) => (
              <Td key={kind} numeric className="tabular-nums">
                {step[kind] === 0 ? (
                  <span className="text-faint">0</span>
                ) : (
                  <Link href={flowHref(kind, step, workflow)} prefetch={false} className="hover:underline">
                    {count(step[kind])}
                  </Link>
                )}
              </Td>
            ))}
          </Tr>
        ))}
      </TBody>
    </Table>
  )
}
