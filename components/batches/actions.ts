/** What the page of a retry of many asks of the server, as the page hands it down. */
import type { QueueOutcome } from '@/components/queues/controls/actions'

export type BatchActions = {
  start: (batch: string, ask: { note: string; perMinute: number | null; knowingly: boolean }) => Promise<QueueOutcome>
  change: (batch: string, command: 'pause' | 'resume' | 'cancel', note: string) => Promise<QueueOutcome>
}
