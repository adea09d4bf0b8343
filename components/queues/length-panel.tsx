'use client'
import Link from 'next/link'
import { Table, TBody, Td, THead, Th, Tr } from '@/components/ui/table'
import type { QueueDepth } from '@/lib/queues/figures-view'
import type { Period } from '@/lib/queues/period'
import { ChartFrame } from './chart-frame'
import { Legend, type Series } from './chart-marks'
import { Lines } from './lines'
import { flowHref } from './links'
import { useZone } from './use-zone'
import { count, lengthWords, periodWords, stepWords } from './words'

const SERIES: Series[] = [
  { name: 'p50', label: 'Median', stroke: 'var(--ink)', shape: 'circle' },
  { name: 'p95', label: '95 of 100 within', stroke: 'var(--informative)', dash: '6 3', shape: 'square' },
]

type LengthPanelProps = { steps: QueueDepth['lengthSteps']; period: Period; workflow: string }

/** From the question to the acceptance, step by step. Where nothing was accepted there is a gap, not a zero. */
export function LengthPanel({ steps, period, workflow }: LengthPanelProps) {
  const zone = useZone()
  const points = steps.map((step) => {
    const href = flowHref('completed', step, workflow)
    return {
      label: stepWords(step.from, period, zone),
      values: { p50: step.lengths.p50, p95: step.lengths.p95 },
      hrefs: { p50: href, p95: href },
    }
  })
  const known = steps.filter(({ lengths }) => lengths.known > 0)
  return (
    <ChartFrame
      id="to-completed"
      title="From question to acceptance"
      hint="Of the jobs that were accepted in each step."
      summary={`In ${periodWords(period)} jobs were accepted in ${count(known.length)} of ${count(steps.length)} steps.`}
      legend={known.length === 0 ? undefined : <Legend series={SERIES} />}
      chart={
        known.length === 0 ? (
          <p className="py-6 text-center text-muted">No job was accepted in {periodWords(period)}.</p>
        ) : (
          <Lines series={SERIES} points={points} words={lengthWords} />
        )
      }
      table={
        <Table label="From question to acceptance, step by step">
          <THead>
            <Tr>
              <Th>From</Th>
              <Th className="text-right">Accepted</Th>
              <Th className="text-right">Median</Th>
              <Th className="text-right">95 of 100 within</Th>
            </Tr>
          </THead>
          <TBody>
            {steps.map(({ lengths, ...step }) => (
              <Tr key={step.from}>
                <Td className="whitespace-nowrap tabular-nums">{stepWords(step.from, period, zone)}</Td>
                <Td numeric className="tabular-nums">
                  {lengths.of === 0 ? (
                    <span className="text-faint">0</span>
                  ) : (
                    <Link href={flowHref('completed', step, workflow)} prefetch={false} className="hover:underline">
                      {count(lengths.of)}
                    </Link>
                  )}
                </Td>
                <Td numeric>
                  {lengths.p50 === null ? <span className="text-muted">none</span> : lengthWords(lengths.p50)}
                </Td>
                <Td numeric>
                  {lengths.p95 === null ? <span className="text-muted">none</span> : lengthWords(lengths.p95)}
                </Td>
              </Tr>
            ))}
          </TBody>
        </Table>
      }
    />
  )
}
