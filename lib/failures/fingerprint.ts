/** What makes failures alike: workflow, class, code and signal; never the words of a message. Pure. */
import { createHash } from 'node:crypto'

export type Alike = { workflowKey: string; failureClass: string; code: string; signal: string }

/** The id of their group. The database computes the same in `failure_fingerprint`. */
export function fingerprint({ workflowKey, failureClass, code, signal }: Alike): string {
  return createHash('sha256')
    .update([workflowKey, failureClass, code, signal].join('\n'), 'utf8')
    .digest('hex')
    .slice(0, 24)
}
