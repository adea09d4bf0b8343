/** What the page of the rules asks of the server, as the page hands it down. */
import type { DryRun } from '@/lib/rules/trial'
import type { Rule } from '@/lib/rules/types'

export type RulesRefusal = { ok: false; message: string; errors: { pointer: string; detail: string }[] }

export type RulesActions = {
  /** Whether these rules could be put in force. */
  check: (rules: Rule[]) => Promise<{ ok: true } | RulesRefusal>
  /** What they would have made of the failures of the last 30 days. */
  tryOut: (rules: Rule[]) => Promise<{ ok: true; dryRun: DryRun } | RulesRefusal>
  /** Puts them in force. `tried`: the hash of the dry run that was seen. */
  publish: (ask: {
    rules: Rule[]
    note: string
    basedOn: number
    tried: string
  }) => Promise<{ ok: true; version: number } | RulesRefusal>
}
