/** What an attempt and a job cost, as the pages show it. Pure. */
import type { CostView } from '@/lib/jobs/view'

/** What is stored of an attempt's cost. */
export type StoredCost = { provider: string; costMicros: bigint | null; costLines: unknown }

/** `cost_lines` of an attempt: how its cost was worked out, and why it could not be where it is null. */
export type CostLines = { lines: { what: string; usd: number | null }[]; why: string | null }

const MICROS = 1_000_000

/** One attempt's cost. Where nothing was worked out yet it is not known. */
export function attemptCost({ provider, costMicros, costLines }: StoredCost): CostView {
  const { lines, why } = (costLines ?? { lines: [], why: 'It is worked out when the call has ended.' }) as CostLines
  return {
    usd: costMicros === null ? null : Number(costMicros) / MICROS,
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
    usd: unknown.length > 0 ? null : costs.reduce((sum, cost) => sum + (cost.usd ?? 0), 0),
    isRehearsed: costs.every((cost) => cost.isRehearsed),
    lines: costs.map(({ number, usd }) => ({ what: `Attempt ${number}`, usd })),
    why: unknown[0]?.why ?? null,
  }
}
