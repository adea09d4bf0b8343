/** What is known of a call that was made before and whose end nobody has seen, as it stands at the provider now. */
import { z } from 'zod'
import { costSchema, usageSchema } from './view'

export const oldCallSchema = z.object({
  /** Null where every earlier call is known to have ended: then nothing can be paid beside a new one. */
  call: z
    .object({
      attempt: z.number().int(),
      responseId: z.string().nullable(),
      sentAt: z.iso.datetime(),
      /**
       * `running`: it is under way; `ended`: it has ended meanwhile; `gone`: the provider no longer has it; `unnamed`: we
       * have no id to ask for; `unreachable`: the provider could not be asked.
       */
      live: z.enum(['running', 'ended', 'gone', 'unnamed', 'unreachable']),
      /** The provider's own word for it; null where it gave none. */
      providerStatus: z.string().nullable(),
      /** Why it could not be asked: a code. */
      error: z.string().nullable(),
      usage: usageSchema.nullable(),
      /** So far. */
      cost: costSchema,
      /** What is known and what that means for a new attempt, for people. */
      sentence: z.string(),
      /** It can be stopped, and its end be seen, before anything is sent. */
      canCancel: z.boolean(),
    })
    .nullable(),
})
export type OldCall = z.infer<typeof oldCallSchema>
type Call = NonNullable<OldCall['call']>

/** The sentence for a call that stands there. */
export function oldCallSentence({ live, providerStatus }: Pick<Call, 'live' | 'providerStatus'>): string {
  switch (live) {
    case 'running':
      return providerStatus === 'queued'
        ? 'The older call is still in OpenAI’s queue. If it is not stopped, it will run and be paid too.'
        : 'The older call is still running at OpenAI. If it is not stopped, both are paid.'
    case 'ended':
      return providerStatus === 'completed'
        ? 'The older call has finished after all. Its answer is taken over by itself in a moment: there may be no need to ask again.'
        : 'The older call has ended at OpenAI. What it cost is recorded in a moment.'
    case 'gone':
      return 'OpenAI no longer has the older call. Nobody can see whether it ran to its end; it may have been paid.'
    case 'unnamed':
      return 'Its answer was lost before its id came, so OpenAI cannot be asked. It may have been taken and paid.'
    case 'unreachable':
      return 'OpenAI could not be asked just now, so nobody knows whether the older call still runs.'
  }
}
