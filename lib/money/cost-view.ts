/** What an attempt and a job cost, as the pages show it. Pure. */
import type { CostView } from '@/lib/jobs/view'
import { usdOf } from './micros'

/** What is stored of an attempt's cost. */
export type StoredCost = { provider: string; costMicros: bigint | null; costLines: unknown }

/** `cost_lines` of an attempt: how its cost was worked out, and why it could not be where it is null. */
export type CostLines = { lines: { what: string; usd: number | null }[]; why: string | null }

/** One attempt's cost. Where nothing was worked out yet it is not known. */
export function attemptCost({ provider, costMicros, costLines }: StoredCost): CostView {
  const { lines, why } = (costLines ?? { lines: [], why: 'It is worked out when the call has ended.' }) as CostLines
  return {
    usd: costMicros === null ? null : usdOf(costMicros),
    isRehearsed: provider === 'sandbox',
    lines,
    why: costMicros === null ? (why ?? 'It is not known.') : null,
  }
}

/** All attempts together: not known as soon as one of them is not. */
export function jobCost(attempts: readonly (StoredCost & { number: number })[]): CostView {
  const costs = attempts.map((attempt) => ({ number: attempt.number, ...attemptCost(attempt) }))
  const unknown = costs.filter((cost) => cost.usd === null)
  return {
    usd: unknown.length > 0 ? null : usdOf(attempts.reduce((sum, { costMicros }) => sum + (costMicros ?? 0n), 0n)),
    isRehearsed: costs.length > 0 && costs.every((cost) => cost.isRehearsed),
    lines: costs.map(({ number, usd }) => ({ what: `Attempt ${number}`, usd })),
    why: unknown[0]?.why ?? null,
  }
}
