'use client'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { CircleAlert } from 'lucide-react'
import { ApiError, conditionalReader } from '@/components/jobs/conditional-fetch'
import { failureWords, freshWords } from '@/components/jobs/list/refresh-words'
import { Callout } from '@/components/ui/callout'
import { useClock } from '@/components/ui/clock'
import { EmptyState } from '@/components/ui/empty-state'
import { Panel, PanelHeader } from '@/components/ui/panel'
import type { AlertOutcome } from '@/lib/alerts/outcome'
import type { WorkersView } from '@/lib/workers/view'
import { WorkerItem } from './worker-item'

const read = conditionalReader()
/** A worker beats every two seconds. */
const EVERY_MS = 3_000

export const workersOptions = queryOptions({
  queryKey: ['workers'],
  queryFn: ({ signal }) => read<WorkersView>('/queues/workers/now', signal),
  refetchInterval: ({ state: { error } }) =>
    error instanceof ApiError && (error.status === 401 || error.status === 403) ? false : EVERY_MS,
})

export type AskWorker = (id: string) => Promise<AlertOutcome>
type Props = { initial: WorkersView; isLead: boolean; askToLeave: AskWorker; writeOff: AskWorker }

/** Who works, on what, and who does not any more. */
export function WorkersDesk({ initial, isLead, askToLeave, writeOff }: Props) {
  const { data, error, dataUpdatedAt } = useQuery({ ...workersOptions, initialData: initial })
  const fresh = useClock((now) => freshWords({ readAt: dataUpdatedAt, error, paused: null }, now))
  const { present, absent, versions } = data
  const asks = isLead ? { askToLeave, writeOff } : null
  return (
    <>
      {versions.length > 1 && (
        <Callout tone="attention" title={`${versions.length} versions at work`}>
          {new Intl.ListFormat('en').format(
            versions.map(({ version, workers }) => `${workers} ${workers === 1 ? 'worker' : 'workers'} of ${version}`),
          )}
          . That is as it should be while hosts are brought up to date one by one, and not for longer.
        </Callout>
      )}
      <Panel aria-labelledby="present-workers">
        <PanelHeader
          id="present-workers"
          title="At work"
          hint={
            error === null ? (
              <span suppressHydrationWarning>{fresh}</span>
            ) : (
              `${failureWords(error)}. This may be out of date.`
            )
          }
        />
        {present.length === 0 ? (
          <EmptyState
            icon={CircleAlert}
            level={3}
            title="No worker is alive"
            hint="Jobs wait, and nothing is lost. Start one with npm run worker, or see why npm start does not."
            className="py-8"
          />
        ) : (
          <ul className="divide-y divide-line">
            {present.map((worker) => (
              <WorkerItem key={worker.id} worker={worker} asks={asks} asOf={data.asOf} />
            ))}
          </ul>
        )}
      </Panel>
      {absent.length > 0 && (
        <Panel aria-labelledby="absent-workers">
          <PanelHeader
            id="absent-workers"
            title="Not there any more"
            hint="Of the last day, and those that are still missed."
          />
          <ul className="divide-y divide-line">
            {absent.map((worker) => (
              <WorkerItem key={worker.id} worker={worker} asks={asks} asOf={data.asOf} />
            ))}
          </ul>
        </Panel>
      )}
    </>
  )
}
