/** The secret that signs deliveries where a workflow names none. */
import type { Tx } from '@/lib/store/db.server'
import { ownSigningSecret } from '@/lib/tools/signing.server'

/** In place of a tool: no tool can have this name, because it has brackets. */
const DELIVERY = '(delivery)'

/** `whsec_` and base64: the same for every version of a workflow, and no other workflow's. */
export function ownDeliverySecret(tx: Tx, workflowKey: string): Promise<string> {
  return ownSigningSecret(tx, workflowKey, DELIVERY)
}
