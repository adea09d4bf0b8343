import Link from 'next/link'
import { useId } from 'react'
import { EmptyState } from '@/components/ui/empty-state'
import { Panel, PanelHeader } from '@/components/ui/panel'
import { Time } from '@/components/ui/time'
import type { AuditView } from '@/lib/audit/audit-view'

const FORMATS = { html: 'to read (HTML)', zip: 'to check (ZIP)' } as const

/** Who took which case files out, the newest first. */
export function TakenList({ taken }: Pick<AuditView, 'taken'>) {
  const heading = useId()
  return (
    <Panel aria-labelledby={heading}>
      <PanelHeader id={heading} title="Case files taken out" hint="The newest 20." />
      {taken.length === 0 ? (
        <EmptyState
          level={3}
          title="None yet"
          hint="Each page of a job has its case file: everything of it, to read or to be checked elsewhere."
        />
      ) : (
        <ul className="divide-y divide-line">
          {taken.map(({ id, number, format, version, by, at }) => (
            <li key={id} className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5 px-4 py-2">
              <p className="min-w-0 flex-1 basis-64 wrap-anywhere">
                <Link href={`/jobs/${number}`} className="link">
                  #{number}
                </Link>{' '}
                {FORMATS[format]}, as of line {version}, by <bdi>{by}</bdi>
              </p>
              <p className="text-sm text-muted">
                <Time value={at} />
              </p>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
