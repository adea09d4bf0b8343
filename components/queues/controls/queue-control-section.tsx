import type { QueueLine, QueueState } from '@/lib/queues/view'
import type { QueueActions } from './actions'
import { QueueControls } from './queue-controls'
import { QueueHistory } from './queue-history'

type QueueControlSectionProps = {
  queue: QueueState
  /** The name of its workflow. */
  name: string
  history: { lines: readonly QueueLine[]; more: boolean }
  /** Null for whoever only reads. */
  actions: QueueActions | null
}

/** How a queue is set, what a lead can change of it, and who changed what before. */
export function QueueControlSection({ queue, name, history, actions }: QueueControlSectionProps) {
  return (
    <div className="flex flex-col gap-4">
      <QueueControls queue={queue} name={name} actions={actions} />
      <QueueHistory {...history} />
    </div>
  )
}
