/** What the API and the pages show of a search: the shapes, as zod schemas. */
import { z } from 'zod'
import { jobRowSchema } from '@/lib/jobs/view'

/** Text as it stands; `hit`: it is what was looked for. */
export const pieceSchema = z.object({ text: z.string(), hit: z.boolean() })
export type Piece = z.infer<typeof pieceSchema>

export const matchPlaces = [
  'title',
  'reference',
  'requester',
  'code',
  'input',
  'result',
  'note',
  'delivery',
  'document',
] as const
export type MatchPlace = (typeof matchPlaces)[number]

export const matchSchema = z.object({
  in: z.enum(matchPlaces),
  /** Of a document: its name. */
  name: z.string().nullable(),
  /** Of a document with pages: where it stands. */
  page: z.number().int().nullable(),
  /** The passage; null where it is not shown, because the document is long. */
  pieces: z.array(pieceSchema).nullable(),
})
export type Match = z.infer<typeof matchSchema>

export const searchItemSchema = z.object({
  job: jobRowSchema,
  /** The title, with what was looked for. */
  title: z.array(pieceSchema),
  /** Where else the words stand: some of the places, the most telling ones first. */
  matches: z.array(matchSchema),
})
export type SearchItem = z.infer<typeof searchItemSchema>

export const searchSchema = z.object({
  /** What has exactly this number, id, response id or reference. On the first page only. */
  exact: z.array(searchItemSchema),
  /** Everything else that matches, newest or oldest first. */
  items: z.array(searchItemSchema),
  /** Pass it as `after` for the next page; null on the last. */
  nextCursor: z.string().nullable(),
  /** How many match, `exact` aside; null where it is not counted: on later pages. */
  total: z.number().int().nullable(),
  /** False: there are more than `total`. */
  totalIsExact: z.boolean(),
  /** The time for one search was used up at this number: `nextCursor` goes on from it. Null: all were looked at. */
  reached: z.number().int().nullable(),
  /** What in the search cannot be used, where, and what to do. The rest of it counts. */
  problems: z.array(z.object({ start: z.number().int(), end: z.number().int(), message: z.string() })),
  asOf: z.iso.datetime(),
})
export type SearchResult = z.infer<typeof searchSchema>

/** The values that this installation has, for completing a search. */
export const knownSchema = z.object({
  workflow: z.array(z.object({ value: z.string(), label: z.string() })),
  person: z.array(z.object({ value: z.string(), label: z.string() })),
  model: z.array(z.object({ value: z.string(), label: z.string() })),
  code: z.array(z.object({ value: z.string(), label: z.string() })),
})
export type Known = z.infer<typeof knownSchema>
