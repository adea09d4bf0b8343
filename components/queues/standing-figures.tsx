import Link from 'next/link'
import { cn } from '@/components/ui/cn'
import { Time } from '@/components/ui/time'
import type { Tone } from '@/components/ui/tone'
import type { Counts, Oldest } from '@/lib/queues/figures-view'
import { type Standing, standingHref, standingInfo, standings } from '@/lib/queues/standing'
import { standingLook } from './standing-icons'
import { count } from './words'

const marks: Partial<Record<Tone, string>> = { danger: 'text-danger', attention: 'text-attention-ink' }
const numbers: Partial<Record<Tone, string>> = { danger: 'text-danger-ink', attention: 'text-attention-ink' }

type Props = {
  counts: Counts
  oldest: Oldest
  /** Of one workflow; null: of all. */
  workflow: string | null
  asOf: string
}

/** What needs someone, and what is under way: each number opens the jobs that it counted. */
export function StandingFigures({ counts, oldest, workflow, asOf }: Props) {
  return (
    <ul
      aria-label="Where jobs stand"
      className="grid grid-cols-2 gap-px overflow-clip rounded-md border border-line bg-line sm:grid-cols-4 xl:grid-cols-7"
    >
      {standings.map((standing) => (
        <li key={standing} className="bg-surface last:max-sm:col-span-2 sm:last:max-xl:col-span-2">
          <Figure
            standing={standing}
            jobs={counts[standing]}
            since={standing in oldest ? oldest[standing as keyof Oldest] : null}
            href={standingHref(standing, workflow, asOf)}
          />
        </li>
      ))}
    </ul>
  )
}

type FigureProps = { standing: Standing; jobs: number; since: string | null; href: string }

function Figure({ standing, jobs, since, href }: FigureProps) {
  const { icon: Icon, tone } = standingLook[standing]
  const isLoud = jobs > 0
  return (
    <Link
      href={href}
      prefetch={false}
      title={standingInfo[standing].help}
      className="flex h-full flex-col gap-0.5 px-3 py-2.5 hover:bg-hover focus-visible:-outline-offset-2"
    >
      <span className="flex items-center gap-1.5 text-sm whitespace-nowrap text-muted">
        <Icon aria-hidden className={cn('size-4 shrink-0 text-faint', isLoud && marks[tone])} />
        {standingInfo[standing].label}
      </span>
      <span className={cn('text-xl font-semibold tabular-nums', isLoud ? (numbers[tone] ?? 'text-ink') : 'text-faint')}>
        {count(jobs)}
      </span>
      <span className="min-h-4 text-xs text-muted">
        {since !== null && jobs > 0 && (
          <>
            oldest <Time value={since} format="age" />
          </>
        )}
      </span>
    </Link>
  )
}
