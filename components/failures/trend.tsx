import { cn } from '@/components/ui/cn'
import type { TrendPoint } from '@/lib/failures/view'

const hour = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' })
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })

type TrendProps = {
  points: readonly TrendPoint[]
  by: 'hour' | 'day'
  className?: string
}

const WIDTH = 4
const GAP = 1
const HEIGHT = 24

/** How often it was met, bar by bar, small enough for a row. What it says stands in words for who cannot see it. */
export function Sparkline({ points, by, className }: TrendProps) {
  const most = Math.max(1, ...points.map(({ seen }) => seen))
  const width = points.length * (WIDTH + GAP) - GAP
  return (
    <svg
      role="img"
      aria-label={trendWords(points, by)}
      viewBox={`0 0 ${width} ${HEIGHT}`}
      className={cn('block h-6', className)}
      style={{ width }}
    >
      <title>{trendWords(points, by)}</title>
      {points.map(({ from, seen }, index) => {
        const height = seen === 0 ? 1 : Math.max(3, (seen / most) * HEIGHT)
        return (
          <rect
            key={from}
            x={index * (WIDTH + GAP)}
            y={HEIGHT - height}
            width={WIDTH}
            height={height}
            className={seen === 0 ? 'fill-line' : 'fill-danger'}
          />
        )
      })}
    </svg>
  )
}

/** "12 in the last 24 hours, most at 14:00 (8)". */
export function trendWords(points: readonly TrendPoint[], by: 'hour' | 'day'): string {
  const sum = points.reduce((total, { seen }) => total + seen, 0)
  const span = by === 'hour' ? `the last ${points.length} hours` : `the last ${points.length} days`
  if (sum === 0) return `None in ${span}`
  const peak = points.reduce((best, point) => (point.seen > best.seen ? point : best))
  const at = by === 'hour' ? `at ${hour.format(new Date(peak.from))} UTC` : `on ${day.format(new Date(peak.from))}`
  return `${sum.toLocaleString('en')} in ${span}, most ${at} (${peak.seen.toLocaleString('en')})`
}

/** Day by day, with the numbers in a table that opens. */
export function TrendChart({ points }: { points: readonly TrendPoint[] }) {
  const most = Math.max(1, ...points.map(({ seen }) => seen))
  const [first, last] = [points[0], points.at(-1)]
  return (
    <figure className="flex flex-col gap-2">
      <div className="flex items-stretch gap-2">
        <div
          aria-hidden
          className="flex w-8 shrink-0 flex-col justify-between text-right text-xs text-muted tabular-nums"
        >
          <span>{most.toLocaleString('en')}</span>
          <span>0</span>
        </div>
        <svg
          role="img"
          aria-label={trendWords(points, 'day')}
          viewBox={`0 0 ${points.length * 10} 100`}
          preserveAspectRatio="none"
          className="h-28 min-w-0 flex-1 border-b border-line"
        >
          {points.map(({ from, seen }, index) => {
            const height = seen === 0 ? 0 : Math.max(3, (seen / most) * 100)
            return (
              <rect key={from} x={index * 10 + 1} y={100 - height} width={8} height={height} className="fill-danger" />
            )
          })}
        </svg>
      </div>
      <div aria-hidden className="flex justify-between pl-10 text-xs text-muted">
        <span>{first && day.format(new Date(first.from))}</span>
        <span>{last && day.format(new Date(last.from))}</span>
      </div>
      <figcaption className="text-sm text-muted">{trendWords(points, 'day')}. Days are those of UTC.</figcaption>
      <details>
        <summary className="w-fit cursor-pointer text-sm text-muted">The same as a table</summary>
        <table className="mt-1 text-sm">
          <thead className="text-left text-faint">
            <tr>
              <th scope="col" className="pr-6 font-medium">
                Day
              </th>
              <th scope="col" className="font-medium">
                Failures
              </th>
            </tr>
          </thead>
          <tbody>
            {points
              .filter(({ seen }) => seen > 0)
              .toReversed()
              .map(({ from, seen }) => (
                <tr key={from}>
                  <td className="pr-6 tabular-nums">{from.slice(0, 10)}</td>
                  <td className="text-right tabular-nums">{seen.toLocaleString('en')}</td>
                </tr>
              ))}
          </tbody>
        </table>
        <p className="mt-1 text-sm text-muted">Days without one are left out.</p>
      </details>
    </figure>
  )
}
