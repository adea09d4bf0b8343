import Link from 'next/link'

/** Told apart by shape and by line, not by colour alone. */
export type Series = { name: string; label: string; stroke: string; dash?: string; shape: Shape }
export type Shape = 'circle' | 'square' | 'triangle'

const paths: Record<Shape, string> = {
  circle: 'M -3.5 0 a 3.5 3.5 0 1 0 7 0 a 3.5 3.5 0 1 0 -7 0',
  square: 'M -3 -3 h 6 v 6 h -6 z',
  triangle: 'M 0 -4 L 4 3 L -4 3 z',
}

/** A point that opens the jobs behind it. The table beside the chart has the same links for the keyboard. */
export function LinkedPoint(props: { cx?: number; cy?: number; series: Series; href: string; label: string }) {
  const { cx, cy, series, href, label } = props
  if (cx === undefined || cy === undefined) return null
  return (
    <Link href={href} prefetch={false} tabIndex={-1}>
      <g transform={`translate(${cx} ${cy})`}>
        <title>{label}</title>
        {/* Larger than what is seen, so that it can be hit. */}
        <circle r="11" fill="transparent" />
        <path d={paths[series.shape]} fill="var(--surface)" stroke={series.stroke} strokeWidth="1.75" />
      </g>
    </Link>
  )
}

/** Which line is which. */
export function Legend({ series }: { series: readonly Series[] }) {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 pb-2 text-sm text-muted">
      {series.map((one) => (
        <li key={one.name} className="flex items-center gap-1.5">
          <svg aria-hidden width="28" height="12" viewBox="0 0 28 12">
            <line x1="0" x2="28" y1="6" y2="6" stroke={one.stroke} strokeWidth="1.75" strokeDasharray={one.dash} />
            <path
              transform="translate(14 6)"
              d={paths[one.shape]}
              fill="var(--surface)"
              stroke={one.stroke}
              strokeWidth="1.75"
            />
          </svg>
          {one.label}
        </li>
      ))}
    </ul>
  )
}
