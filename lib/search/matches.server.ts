/** Where the words of a search stand in the jobs of one page. */
import { documentPages } from '@/lib/documents/store.server'
import type { JobRow } from '@/lib/jobs/view'
import type { Tx } from '@/lib/store/db.server'
import { readableText, resultText } from './content'
import { hitsInLabel, passageOf, piecesOf } from './match'
import { readContents } from './read-contents.server'
import type { ResolvedTerm } from './resolve.server'
import { type Term, tsqueryOf } from './terms'
import type { Match, MatchPlace, SearchItem } from './view'

/** Passages of one job: enough to know it by. */
const MOST_MATCHES = 3
/** So much of one text is looked through for a passage, in UTF-16 units. */
const LONGEST_TEXT = 400_000
/** Documents that are opened for one page of jobs, and how large they may be stored; of others the name is said. */
const MOST_DOCUMENTS = 12
const LARGEST_DOCUMENT = 3 * 1024 * 1024

type Shown = Pick<SearchItem, 'title' | 'matches'>

/** By the id of the job: its title with what was found in it, and where else it was found. */
export async function readMatches(
  tx: Tx,
  jobs: readonly JobRow[],
  terms: readonly ResolvedTerm[],
): Promise<Map<string, Shown>> {
  const shown = new Map<string, Shown>()
  if (terms.length === 0) return shown
  const ids = jobs.map(({ id }) => id)
  const contents = new Map((await readContents(tx, ids, { hold: false })).map((one) => [one.id, one.content]))
  const documents = await documentMatches(tx, ids, terms)
  for (const job of jobs) {
    const content = contents.get(job.id)
    if (content === undefined) continue
    const titleHits = hitsInLabel(job.title, terms)
    const seen = new Set(titleHits.map(({ term }) => term))
    const found: { match: Match; terms: ReadonlySet<number> }[] = []
    const look = (place: MatchPlace, text: string | null) => {
      const passage = text === null || text === '' ? null : passageOf(text.slice(0, LONGEST_TEXT), terms)
      if (passage === null) return
      found.push({ match: { in: place, name: null, page: null, pieces: passage.pieces }, terms: passage.terms })
    }
    const label = (place: MatchPlace, text: string | null) => {
      const hits = text === null ? [] : hitsInLabel(text, terms)
      if (text === null || hits.length === 0) return
      const pieces = piecesOf(text, hits)
      found.push({ match: { in: place, name: null, page: null, pieces }, terms: new Set(hits.map(({ term }) => term)) })
    }
    label('reference', job.reference)
    label('requester', job.requester?.name ?? null)
    for (const code of content.codes) label('code', code)
    look('input', content.input === null ? null : readableText(content.input).join('\n'))
    // Revisions say much the same: the newest that has the words stands for all.
    for (const { text, json } of content.results.slice(0, 5)) look('result', resultText(text, json))
    for (const note of content.notes.slice(0, 50)) look('note', note)
    look('note', content.guidance)
    for (const where of content.deliveries) look('delivery', where)
    found.push(...(documents.get(job.id) ?? []))
    shown.set(job.id, { title: piecesOf(job.title, titleHits), matches: mostTelling(found, seen) })
  }
  return shown
}

/** First what has words that were not seen yet; of each place one. */
function mostTelling(found: readonly { match: Match; terms: ReadonlySet<number> }[], seen: Set<number>): Match[] {
  const taken: Match[] = []
  const rest = [...found]
  while (taken.length < MOST_MATCHES && rest.length > 0) {
    const gain = (terms: ReadonlySet<number>) => [...terms].filter((term) => !seen.has(term)).length
    const best = rest.reduce((one, other) => (gain(other.terms) > gain(one.terms) ? other : one))
    rest.splice(rest.indexOf(best), 1)
    if (taken.some((match) => match.in === best.match.in && match.name === best.match.name)) continue
    // What only repeats is said once, so that there is a passage at all.
    if (taken.length > 0 && gain(best.terms) === 0 && best.match.in !== 'document') continue
    for (const term of best.terms) seen.add(term)
    taken.push(best.match)
  }
  return taken
}

type DocumentRow = { jobId: string; name: string; textSha256: string; size: number }

async function documentMatches(
  tx: Tx,
  ids: readonly string[],
  terms: readonly ResolvedTerm[],
): Promise<Map<string, { match: Match; terms: ReadonlySet<number> }[]>> {
  const anyTerm = terms.map((term) => `(${tsqueryOf(term, ['A', 'B', 'C', 'D'])})`).join(' | ')
  const rows = await tx.$queryRaw<DocumentRow[]>`
    WITH of AS MATERIALIZED (
      SELECT jd.job_id, jd.position, d.name, d.text_sha256, b.size FROM job_document jd JOIN document d ON d.id = jd.document_id
        JOIN blob b ON b.sha256 = d.text_sha256 AND b.erased_at IS NULL WHERE jd.job_id = ANY (${[...ids]}::uuid[])),
    matching AS MATERIALIZED (
      SELECT DISTINCT text_sha256 FROM search_document
       WHERE text_sha256 IN (SELECT text_sha256 FROM of) AND words @@ ${anyTerm}::tsquery)
    SELECT of.job_id AS "jobId", of.name, of.text_sha256 AS "textSha256", of.size FROM of JOIN matching USING (text_sha256)
     ORDER BY of.job_id, of.position`
  const opened = new Map<string, Opened | null>()
  const matches = new Map<string, { match: Match; terms: ReadonlySet<number> }[]>()
  for (const { jobId, name, textSha256, size } of rows) {
    if (!opened.has(textSha256) && opened.size < MOST_DOCUMENTS && size <= LARGEST_DOCUMENT) {
      opened.set(textSha256, await open(tx, textSha256, terms))
    }
    const passage = opened.get(textSha256) ?? null
    const match: Match = { in: 'document', name, page: passage?.page ?? null, pieces: passage?.pieces ?? null }
    const list = matches.get(jobId) ?? []
    list.push({ match, terms: passage?.terms ?? new Set(terms.keys()) })
    matches.set(jobId, list)
  }
  return matches
}

type Opened = { page: number | null; pieces: Match['pieces']; terms: ReadonlySet<number> }

/** The page of a document with the most of `terms` on it. */
async function open(tx: Tx, textSha256: string, terms: readonly Term[]): Promise<Opened | null> {
  const pages = (await documentPages(tx, { textSha256 })) ?? []
  let best: Opened | null = null
  let read = 0
  for (const { page, text } of pages) {
    if (read > LONGEST_TEXT) break
    read += text.length
    const passage = passageOf(text.slice(0, LONGEST_TEXT), terms)
    if (passage === null || (best !== null && best.terms.size >= passage.terms.size)) continue
    best = { page: pages.length > 1 ? page : null, pieces: passage.pieces, terms: passage.terms }
    if (best.terms.size === terms.length) break
  }
  return best
}
