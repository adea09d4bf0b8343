/** What the page of a policy asks of the server, as the page hands it down. */
import type { Outcome, Refusal } from '@/lib/access/outcome'
import type { GivenPolicy, PolicyProblem } from '@/lib/workflows/policy-edit'

export type PolicyActions = {
  /** All that is wrong with a policy, as the file of its workflow. Changes nothing. */
  check: (given: GivenPolicy) => Promise<Outcome<PolicyProblem[]>>
  /** Publishes it as the next version. `basedOn`: the version that it was compared with. */
  publish: (
    ask: GivenPolicy & { note: string; basedOn: number },
  ) => Promise<{ ok: true; version: number; message: string } | (Refusal & { problems: PolicyProblem[] })>
}
