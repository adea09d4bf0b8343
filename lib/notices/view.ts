/** Notices as the API and the pages have them. */
import { z } from 'zod'
import { MOST_UNREAD, type NoticeKind, noticeKinds } from './kinds'

export { MOST_UNREAD, type NoticeKind, noticeKinds }

export const noticeSchema = z.object({
  id: z.uuid(),
  kind: z.enum(noticeKinds),
  /** What happened, in a few words. */
  heading: z.string(),
  /** Why, and what to do, as sentences. */
  sentence: z.string(),
  workflow: z.object({ key: z.string(), name: z.string() }).nullable(),
  /** The job that it is about; null where this person may not see it. */
  job: z.object({ number: z.int(), title: z.string() }).nullable(),
  /** The page where something can be done about it; null where this person may open none. */
  href: z.string().nullable(),
  at: z.iso.datetime(),
  readAt: z.iso.datetime().nullable(),
})
export type NoticeView = z.infer<typeof noticeSchema>

export const noticeListSchema = z.object({
  /** How many have not been read, at most `MOST_UNREAD`. */
  unread: z.int().min(0).max(MOST_UNREAD),
  /** The newest, the newest first. */
  items: z.array(noticeSchema),
})
export type NoticeList = z.infer<typeof noticeListSchema>

/** Which notices were read. `upTo` keeps "all" to what was left until then, so that none is marked that was not shown. */
export const markReadSchema = z.union([
  z.strictObject({ ids: z.array(z.uuid()).min(1).max(200) }),
  z.strictObject({ all: z.literal(true), upTo: z.iso.datetime().optional() }),
])
export type MarkRead = z.infer<typeof markReadSchema>
