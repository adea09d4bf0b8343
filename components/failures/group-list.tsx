import Link from 'next/link'
import { Badge } from '@/components/ui/badge'
import { Table, TBody, Td, THead, Th, Tr } from '@/components/ui/table'
import { Time } from '@/components/ui/time'
import type { GroupRow } from '@/lib/failures/view'
import { Sparkline } from './trend'

/** Failures that are alike, one group a row. On a phone each is a block of its own. */
export function GroupList({ groups }: { groups: readonly GroupRow[] }) {
  return (
    <>
      <div className="max-md:hidden">
        <Table label="Failures that are alike">
          <THead>
            <Tr>
              <Th>Failure</Th>
              <Th>Workflow</Th>
              <Th>Last 24 hours</Th>
              <Th className="text-right">In all</Th>
              <Th>Last seen</Th>
              <Th className="text-right">Jobs stopped now</Th>
            </Tr>
          </THead>
          <TBody>
            {groups.map((group) => (
              <Tr key={group.id} className="align-top">
                <Td className="min-w-72">
                  <What group={group} />
                </Td>
                <Td>{group.workflow.name}</Td>
                <Td>
                  <Sparkline points={group.trend} by="hour" />
                </Td>
                <Td numeric>{group.seen.toLocaleString('en')}</Td>
                <Td className="whitespace-nowrap text-muted">
                  <Time value={group.lastSeenAt} />
                </Td>
                <Td numeric>
                  <Standing group={group} />
                </Td>
              </Tr>
            ))}
          </TBody>
        </Table>
      </div>
      <ul
        aria-label="Failures that are alike"
        className="divide-y divide-line rounded-md border border-line bg-surface md:hidden"
      >
        {groups.map((group) => (
          <li key={group.id} className="flex flex-col gap-1.5 px-4 py-3">
            <What group={group} />
            <p className="text-sm text-muted">
              {group.workflow.name} · last seen <Time value={group.lastSeenAt} />
            </p>
            <div className="flex flex-wrap items-end justify-between gap-2">
              <Sparkline points={group.trend} by="hour" />
              <p className="text-sm">
                <Standing group={group} /> {group.standing === 1 ? 'job' : 'jobs'} stopped now,{' '}
                {group.seen.toLocaleString('en')} in all
              </p>
            </div>
          </li>
        ))}
      </ul>
    </>
  )
}

function What({ group }: { group: GroupRow }) {
  return (
    <>
      <p>
        <Link href={`/queues/failures/${group.id}`} className="font-medium hover:underline">
          {group.sentence}
        </Link>
      </p>
      <p className="flex flex-wrap items-center gap-x-2 text-sm text-muted">
        <code className="text-xs wrap-anywhere">
          {group.failureClass}
          {group.code === '' ? '' : ` · ${group.code}`}
        </code>
        <span>{group.where}</span>
        {group.state === 'ignored' && (
          <Badge>
            {group.ignoredUntil === null ? (
              'Ignored for good'
            ) : (
              <>
                Ignored until <Time value={group.ignoredUntil} format="clock" />
              </>
            )}
          </Badge>
        )}
      </p>
    </>
  )
}

function Standing({ group }: { group: GroupRow }) {
  const words = group.standing.toLocaleString('en')
  return group.standing === 0 ? (
    <span className="text-muted">{words}</span>
  ) : (
    <strong className="font-semibold">{words}</strong>
  )
}
