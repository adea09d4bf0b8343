/** Tells every story in a database of its own, and reads the patterns that they leave. */
import pg from 'pg'
import { seedPrices } from '@/lib/money/price-list.server'
import { publishBuiltinRules } from '@/lib/rules/store.server'
import { readContents } from '@/lib/search/read-contents.server'
import { connect, type Db } from '@/lib/store/db.server'
import { readBuiltins } from '@/lib/workflows/builtin.server'
import { definitionOf, publish, publishBuiltins } from '@/lib/workflows/store.server'
import {
  type Blob,
  type Columns,
  type Contents,
  type KnownVersion,
  type Pattern,
  readBlobs,
  readColumns,
  readPattern,
} from './patterns.server'
import { openStage } from './stage.server'
import { type Story, stories } from './stories'
import { withTools } from './tools-workflow'

/** A document of the stories. */
export type SharedDocument = {
  name: string
  media_type: string
  size: number
  sha256: string
  text_sha256: string
  pages: number | null
  characters: number
}

export type Told = {
  patterns: Pattern[]
  documents: SharedDocument[]
  blobs: Blob[]
  columns: Columns
  contents: Contents
}

/** Puts what a store has from its first start into `db`, and the workflow with a tool. */
export async function prepareStore(db: Db): Promise<void> {
  await publishBuiltins(db)
  await publishBuiltinRules(db)
  await seedPrices(db)
  const report = readBuiltins().find(({ key }) => key === 'report')
  if (report === undefined) throw new Error('the report is not among the built-in workflows')
  await publish(db, withTools(report), { note: 'Made by “holdpoint generate”.', authorId: null, source: null })
}

/**
 * Tells the stories.
 * @param scratch the owner's URL of a migrated database with nothing else in it.
 */
export async function tellStories(scratch: string): Promise<Told> {
  const db = connect(scratch, 2)
  const client = new pg.Client({ connectionString: scratch })
  await client.connect()
  try {
    await prepareStore(db)
    const stage = await openStage(db)
    const lived: { story: Story; jobId: string }[] = []
    for (const story of stories) lived.push({ story, jobId: await told(story, () => stage.tell(story.tell)) })
    const { blobs, requests } = await readBlobs(client)
    // Each job of the stories brought its own: those with the same name are one from here on.
    const rows = await db.document.findMany({ orderBy: { id: 'asc' } })
    const documents = new Map(rows.map(({ id, name }) => [id, name]))
    const shared = new Map<string, SharedDocument>()
    for (const { name, mediaType, size, sha256, textSha256, pages, characters } of rows) {
      shared.set(name, { name, media_type: mediaType, size, sha256, text_sha256: textSha256, pages, characters })
    }
    const versions = new Map<string, KnownVersion>()
    for (const row of await db.workflowVersion.findMany()) {
      const { id, version, name, sha256 } = row
      versions.set(id, { version, name, sha256, delivery: definitionOf(row).delivery })
    }
    const columns = await readColumns(client)
    const contents: Contents = new Map()
    const patterns: Pattern[] = []
    for (const { story, jobId } of lived) {
      const [search] = await readContents(db, [jobId], { hold: false })
      if (search === undefined) throw new Error(`the story "${story.name}" left no job`)
      patterns.push(
        await readPattern(client, story, jobId, { columns, versions, documents, requests, contents, search }),
      )
    }
    return { patterns, documents: [...shared.values()], blobs, columns, contents }
  } finally {
    await client.end()
    await db.$disconnect()
  }
}

async function told(story: Story, tell: () => Promise<string>): Promise<string> {
  try {
    return await tell()
  } catch (cause) {
    throw new Error(`the story "${story.name}" of ${story.workflow} could not be told`, { cause })
  }
}
