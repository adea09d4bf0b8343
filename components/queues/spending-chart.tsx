'use client'
import Link from 'next/link'
import { Bar, BarChart, CartesianGrid, ReferenceLine, ResponsiveContainer, XAxis, YAxis } from 'recharts'
import { dollars } from '@/lib/money/micros'
import type { SpentDay } from '@/lib/queues/figures-view'
import { dayHref } from './links'
import { dayWords } from './words'

const HEIGHT = 180

type SpendingChartProps = { days: readonly SpentDay[]; limitUsd: number | null; workflow: string | null }

/** What was spent on each of the last days; each bar opens the jobs whose calls it paid. */
export function SpendingChart({ days, limitUsd, workflow }: SpendingChartProps) {
  const most = Math.max(limitUsd ?? 0, ...days.map(({ usd }) => usd), 0.01)
  return (
    <ResponsiveContainer width="100%" height={HEIGHT} initialDimension={{ width: 640, height: HEIGHT }}>
      <BarChart
        data={days.map((day) => ({ ...day, label: dayWords(day.day) }))}
        margin={{ top: 12, right: 12, bottom: 0, left: 0 }}
        accessibilityLayer={false}
      >
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis
          dataKey="label"
          tick={{ fill: 'var(--faint)', fontSize: 12 }}
          tickLine={false}
          axisLine={{ stroke: 'var(--line-strong)' }}
          minTickGap={28}
        />
        <YAxis
          width={64}
          domain={[0, most]}
          tickFormatter={(usd: number) => dollars(usd)}
          tick={{ fill: 'var(--faint)', fontSize: 12 }}
          tickLine={false}
          axisLine={false}
        />
        {limitUsd !== null && (
          <ReferenceLine
            y={limitUsd}
            stroke="var(--attention-ink)"
            strokeDasharray="6 3"
            label={{
              value: `Budget ${dollars(limitUsd)} a day`,
              position: 'insideTopLeft',
              fill: 'var(--attention-ink)',
              fontSize: 12,
            }}
          />
        )}
        <Bar
          dataKey="usd"
          isAnimationActive={false}
          shape={(props: { x?: number; y?: number; width?: number; height?: number; payload?: SpentDay }) => {
            const { x = 0, y = 0, width = 0, height = 0, payload } = props
            if (payload === undefined || payload.usd === 0) return <g />
            return (
              <Link href={dayHref(payload.day, workflow)} prefetch={false} tabIndex={-1}>
                <title>{`${dayWords(payload.day)}: ${dollars(payload.usd)}`}</title>
                <rect x={x} y={y} width={width} height={height} rx={1} fill="var(--informative)" />
              </Link>
            )
          }}
        />
      </BarChart>
    </ResponsiveContainer>
  )
}
