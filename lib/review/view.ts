/** The inbox and the desk as the API and the pages have them. */
import { z } from 'zod'
import { jobRowSchema } from '@/lib/jobs/view'
import { roundKindNames } from '@/lib/lifecycle/table'
import { sanitiseText } from '@/lib/store/sanitise'
import { type InboxViewName, inboxViews } from './inbox-views'

const time = z.iso.datetime()
const person = z.object({ id: z.string(), name: z.string() })

export { type InboxViewName, inboxViews }

/** One row of the inbox: a job that asks for a person, and what of it. */
export const inboxItemSchema = z.object({
  ...jobRowSchema.shape,
  /** The open round; null where it is a delivery that asks for somebody. */
  round: z
    .object({
      number: z.number().int(),
      kind: z.enum(roundKindNames as [string, ...string[]]),
      openedAt: time,
      dueAt: time.nullable(),
      risk: z.number().int(),
      /** Why it stands out; null where it does not. */
      reason: z.string().nullable(),
      isSample: z.boolean(),
      /** Never decided together with others. */
      individually: z.boolean(),
      /** What leaves when it is approved, and where to; null: nothing. */
      deliveryKind: z.string().nullable(),
      deliveryTo: z.string().nullable(),
      resultHash: z.string().nullable(),
      deliveryHash: z.string().nullable(),
    })
    .nullable(),
  /** 'report', 'fields', 'digest' …: what kind of result its workflow makes. */
  resultKind: z.string(),
  view: z.enum(inboxViews),
  /** Why it waits for others, or is away: a sentence; null where it is there to do. */
  why: z.string().nullable(),
  claims: z.array(z.object({ by: person, until: time })),
  assignee: person.nullable(),
  snooze: z.object({ until: time, by: person.nullable(), note: z.string().nullable() }).nullable(),
  /** Who has it open now, this person left out. */
  lookers: z.array(person),
})
export type InboxItem = z.infer<typeof inboxItemSchema>

export const inboxSchema = z.object({
  items: z.array(inboxItemSchema),
  /** Opaque: pass it as `after` for the next page; null on the last. */
  nextCursor: z.string().nullable(),
  /** Of this person, by view; they agree with the lists. */
  counts: z.record(z.enum(inboxViews), z.number().int()),
  /** Of the chosen view, by workflow. */
  workflows: z.array(z.object({ key: z.string(), name: z.string(), count: z.number().int() })),
  asOf: time,
})
export type Inbox = z.infer<typeof inboxSchema>

/** How much waits for a person, by view, without the lists. */
export const inboxCountSchema = z.object({ counts: inboxSchema.shape.counts, asOf: time })
export type InboxCount = z.infer<typeof inboxCountSchema>

/** Asks for the next item that nobody holds or looks at. */
export const takeNextSchema = z.strictObject({
  /** Only of this workflow. */
  workflow: z.string().max(200).overwrite(sanitiseText).optional(),
  /** Ids of jobs that are not meant: what is on the screen already. */
  not: z.array(z.uuid()).max(200).optional(),
})
export type TakeNext = z.infer<typeof takeNextSchema>

/** The job that was claimed for whoever asked; both null where there is none. */
export const takenSchema = z.object({ number: z.int().nullable(), id: z.uuid().nullable() })
export type Taken = z.infer<typeof takenSchema>

/** Leaves a job to others for now. */
export const skipSchema = z.strictObject({ job: z.uuid() })

/** What a tab that shows a job says of itself, every ten seconds while it is in sight. */
export const presenceAskSchema = z.strictObject({
  /** With the tab in sight and in use since the last word, in milliseconds. */
  handsOnMs: z.int().min(0).max(60_000),
  /** It was closed. */
  leaves: z.boolean().optional(),
})
export type PresenceAsk = z.infer<typeof presenceAskSchema>

export const presenceSchema = z.object({
  lookers: z.array(person),
  /** Until when this person holds a claim on it; null where they hold none. */
  leaseUntil: time.nullable(),
})
export type PresenceView = z.infer<typeof presenceSchema>
