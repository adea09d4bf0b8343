import { Panel, PanelBody, PanelHeader } from '@/components/ui/panel'
import { Time } from '@/components/ui/time'
import type { RecentStop, ShownStop } from '@/lib/money/view'
import type { ResumeSending } from './outcome'
import { ResumeDialog } from './resume-dialog'

type StopHistoryProps = { open: readonly ShownStop[]; past: readonly RecentStop[]; resume: ResumeSending }

/** Queues that stand still, and those that went on again, with who resumed them. */
export function StopHistory({ open, past, resume }: StopHistoryProps) {
  return (
    <Panel aria-labelledby="stops">
      <PanelHeader
        id="stops"
        title="Stopped queues"
        hint="Where a budget is used up, or the provider refuses our key or account, sending of that workflow stands still until a lead resumes it."
      />
      <PanelBody className="flex flex-col gap-3">
        {open.length === 0 && <p className="text-muted">No queue stands still.</p>}
        {open.map((stop) => (
          <div key={stop.workflow.key} className="flex flex-wrap items-center gap-x-4 gap-y-2">
            <p className="min-w-0 flex-1 basis-64">
              <strong className="font-semibold">{stop.workflow.name}</strong> since{' '}
              <Time value={stop.since} format="exact" />: {stop.sentence}
            </p>
            <ResumeDialog stop={stop} resume={resume} />
          </div>
        ))}
        {past.length > 0 && (
          <details>
            <summary className="w-fit cursor-pointer text-sm text-muted">
              {past.length === 1 ? 'The last one that was resumed' : `The last ${past.length} that were resumed`}
            </summary>
            <ul className="mt-1 flex flex-col gap-1 text-sm text-muted">
              {past.map((stop) => (
                <li key={stop.id}>
                  {stop.workflow}: <Time value={stop.since} format="exact" /> to{' '}
                  <Time value={stop.resumedAt} format="exact" />. {stop.sentence}
                  {stop.by !== null && ` Resumed by ${stop.by}`}
                  {stop.note !== null && `: ${stop.note}`}
                </li>
              ))}
            </ul>
          </details>
        )}
      </PanelBody>
    </Panel>
  )
}
