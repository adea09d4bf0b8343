import Link from 'next/link'
import { Badge } from '@/components/ui/badge'
import { cn } from '@/components/ui/cn'
import { Panel, PanelHeader } from '@/components/ui/panel'
import { Time } from '@/components/ui/time'
import { numberWords } from '@/lib/workflows/words'

export type ShownVersion = {
  version: number
  publishedAt: string
  note: string | null
  author: string | null
  jobs: { all: number; open: number }
}

export type VersionListProps = {
  workflowKey: string
  versions: readonly ShownVersion[]
  current: number
  /** The version that is being read. */
  shown: number
  /** The version that it is being compared with. */
  compared: number | null
}

/** Every version, the newest first: when, by whom, why, and the jobs that ran under it. */
export function VersionList({ workflowKey, versions, current, shown, compared }: VersionListProps) {
  const href = `/workflows/${workflowKey}`
  return (
    <Panel aria-labelledby="versions" className="self-start">
      <PanelHeader id="versions" title="Versions" />
      <ol className="divide-y divide-line">
        {versions.map(({ version, publishedAt, note, author, jobs }) => (
          <li key={version} className={cn('flex flex-col gap-0.5 px-4 py-2.5', version === shown && 'bg-hover')}>
            <p className="flex flex-wrap items-center gap-x-2">
              <Link
                href={`${href}?version=${version}`}
                aria-current={version === shown && compared === null ? 'page' : undefined}
                className="font-medium hover:underline"
              >
                Version {version}
              </Link>
              {version === current && <Badge>Current</Badge>}
            </p>
            <p className="text-sm text-muted">
              <Time value={publishedAt} />
              {author !== null && (
                <>
                  {' by '}
                  <bdi>{author}</bdi>
                </>
              )}
            </p>
            {note !== null && <p className="text-sm wrap-anywhere">{note}</p>}
            <p className="flex flex-wrap gap-x-3 text-sm">
              <Jobs href={`/jobs?workflow=${workflowKey}&version=${version}`} version={version} {...jobs} />
              {version !== shown && (
                <Link
                  href={`${href}?version=${shown}&compare=${version}`}
                  aria-current={version === compared ? 'page' : undefined}
                  className={cn('text-accent-ink underline', version === compared && 'font-medium')}
                >
                  {version === compared ? 'Being compared' : 'Compare'}
                  <span className="sr-only"> version {version} with this one</span>
                </Link>
              )}
            </p>
          </li>
        ))}
      </ol>
    </Panel>
  )
}

function Jobs({ href, version, all, open }: { href: string; version: number; all: number; open: number }) {
  if (all === 0) return <span className="text-faint">no jobs</span>
  return (
    <Link href={href} className="text-accent-ink underline">
      {all === 1 ? 'one job' : `${numberWords(all)} jobs`}
      {open > 0 && `, ${numberWords(open)} under way`}
      <span className="sr-only"> of version {version}</span>
    </Link>
  )
}
