type SparklineProps = { arrived: readonly number[]; completed: readonly number[]; className?: string }

const WIDTH = 96
const HEIGHT = 24

/** What came and what was completed, step by step: bars for what came, a line for what was completed. For the eye alone. */
export function Sparkline({ arrived, completed, className }: SparklineProps) {
  const most = Math.max(1, ...arrived, ...completed)
  const step = WIDTH / Math.max(arrived.length, 1)
  const y = (value: number) => HEIGHT - 1 - (value / most) * (HEIGHT - 3)
  const line = completed.map((value, index) => `${(index + 0.5) * step},${y(value)}`).join(' ')
  return (
    <svg aria-hidden viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} className={className}>
      <line x1="0" x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} className="stroke-line" />
      {arrived.map((value, index) => (
        <rect
          // biome-ignore lint/suspicious/noArrayIndexKey: a step has nothing but its place
          key={index}
          x={index * step + step * 0.15}
          width={step * 0.7}
          y={y(value)}
          height={Math.max(HEIGHT - 1 - y(value), 0)}
          className="fill-line-strong/50"
        />
      ))}
      <polyline points={line} fill="none" strokeWidth="1.25" strokeLinejoin="round" className="stroke-ink" />
    </svg>
  )
}
