/** Of what all shapes of a job are made: its words, moments, people and amounts. */
import { z } from 'zod'
import { failureClasses } from '@/lib/lifecycle/failure'
import { commandNames, providerStatusNames, roles, roundKindNames, stateNames } from '@/lib/lifecycle/table'

/** ISO 8601 in UTC with milliseconds. */
export const time = z.iso.datetime()
export const json = z.unknown()

export const stateSchema = z.enum(stateNames as [string, ...string[]]) as z.ZodType<
  import('@/lib/lifecycle/table').State
>

export const providerStatus = z.enum(providerStatusNames as [string, ...string[]]) as z.ZodType<
  import('@/lib/lifecycle/table').ProviderStatus
>

export const commandSchema = z.enum(commandNames as [string, ...string[]]) as z.ZodType<
  import('@/lib/lifecycle/table').Command
>

export const roundKind = z.enum(roundKindNames as [string, ...string[]]) as z.ZodType<
  import('@/lib/lifecycle/table').RoundKind
>

export const roleSchema = z.enum(roles)

export const failureClass = z.enum(failureClasses)

export const person = z.object({ id: z.string(), name: z.string() })

export const actorSchema = z.object({
  kind: z.enum(['person', 'system', 'provider', 'api_key']),
  id: z.string().nullable(),
  name: z.string(),
})
export type ActorView = z.infer<typeof actorSchema>

export const usageSchema = z.object({
  inputTokens: z.number().int(),
  cachedTokens: z.number().int().nullable(),
  outputTokens: z.number().int(),
  reasoningTokens: z.number().int().nullable(),
  totalTokens: z.number().int(),
})
export type Usage = z.infer<typeof usageSchema>

/** What something cost, in US dollars. `usd` is null where a price or the usage is not known, and `why` says which. */
export const costSchema = z.object({
  usd: z.number().nullable(),
  /** True where no money is paid because the sandbox answers: what it would have cost at the prices on record. */
  isRehearsed: z.boolean(),
  /** How it was worked out, a line each: "12,000 input tokens at $1.25 a million". */
  lines: z.array(z.object({ what: z.string(), usd: z.number().nullable() })),
  why: z.string().nullable(),
})
export type CostView = z.infer<typeof costSchema>
