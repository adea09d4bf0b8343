'use client'
import { CartesianGrid, Line, LineChart, ResponsiveContainer, XAxis, YAxis } from 'recharts'
import { LinkedPoint, type Series } from './chart-marks'

/** Its height is kept before anything is drawn, so that nothing jumps. */
const HEIGHT = 200

export type LinePoint = { label: string; values: Record<string, number | null>; hrefs: Record<string, string> }

type LinesProps = {
  series: readonly Series[]
  points: readonly LinePoint[]
  /** A value in words: on the axis and at the points. */
  words: (value: number) => string
}

/** Lines over time, whose points are links. A value that is not known leaves a gap. */
export function Lines({ series, points, words }: LinesProps) {
  return (
    <ResponsiveContainer width="100%" height={HEIGHT} initialDimension={{ width: 640, height: HEIGHT }}>
      <LineChart data={[...points]} margin={{ top: 8, right: 12, bottom: 0, left: 0 }} accessibilityLayer={false}>
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
          allowDecimals={false}
          tickFormatter={words}
          tick={{ fill: 'var(--faint)', fontSize: 12 }}
          tickLine={false}
          axisLine={false}
        />
        {series.map((one) => (
          <Line
            key={one.name}
            dataKey={(point: LinePoint) => point.values[one.name]}
            stroke={one.stroke}
            strokeWidth={1.75}
            strokeDasharray={one.dash}
            isAnimationActive={false}
            activeDot={false}
            dot={({ cx, cy, index }: { cx?: number; cy?: number; index?: number }) => {
              const point = points[index ?? 0]
              const value = point?.values[one.name]
              const key = `${one.name} ${index}`
              if (point === undefined || value == null) return <g key={key} />
              const label = `${point.label}: ${words(value)} ${one.label.toLowerCase()}`
              return (
                <LinkedPoint
                  key={key}
                  cx={cx}
                  cy={cy}
                  series={one}
                  href={point.hrefs[one.name] ?? '/jobs'}
                  label={label}
                />
              )
            }}
          />
        ))}
      </LineChart>
    </ResponsiveContainer>
  )
}
