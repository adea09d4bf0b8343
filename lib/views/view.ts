/** Saved views, as the pages show them: the shapes, as zod schemas. */
import { z } from 'zod'
import { searchSorts } from '@/lib/search/query'

export const LONGEST_VIEW_NAME = 80
/** Each person keeps at most so many, and has at most so many in the side bar: each is counted. */
export const MOST_VIEWS = 100
export const MOST_PINNED = 8

export const savedViewSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  /** In the language of the search box. */
  filter: z.string(),
  sort: z.enum(searchSorts),
  /** Everybody may open it; else only its owner. */
  shared: z.boolean(),
  owner: z.object({ id: z.string(), name: z.string() }),
  /** Whether whoever asks may change and remove it. */
  mayChange: z.boolean(),
  pinned: z.boolean(),
  /** What it names that is not there any more; null where all of it is. */
  problem: z.string().nullable(),
})
export type SavedView = z.infer<typeof savedViewSchema>

export const pinnedViewsSchema = z.object({
  items: z.array(
    savedViewSchema.pick({ id: true, name: true, filter: true, sort: true, shared: true, problem: true }).extend({
      /** How many jobs it has; null where counting took too long. */
      count: z.number().int().nullable(),
      /** False: there are more. */
      countIsExact: z.boolean(),
    }),
  ),
  asOf: z.iso.datetime(),
})
export type PinnedViews = z.infer<typeof pinnedViewsSchema>
export type PinnedView = PinnedViews['items'][number]

/** What is kept under a name. */
export const viewAskSchema = z.object({
  name: z.string().max(1_000),
  filter: z.string().max(4_000),
  sort: z.enum(searchSorts),
  shared: z.boolean(),
})
export type ViewAsk = z.infer<typeof viewAskSchema>
