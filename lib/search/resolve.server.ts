/** What the words and names of a search stand for in this installation. */
import type { Actor } from '@/lib/access/actor'
import { readsEverything } from '@/lib/access/can'
import { Prisma } from '@/lib/generated/prisma/client'
import type { Tx } from '@/lib/store/db.server'
import { didYouMean } from '@/lib/workflows/did-you-mean'
import type { FilterPart, Problem, Span } from './filter'
import { scopeOf } from './scope.server'
import { anywhere, type Term, tsqueryOf } from './terms'
import type { SearchDb } from './within.server'
import { bytesThing, HASH_LENGTH, requesterThing, type Thing, type Weight } from './words'

/** More documents, or people, with one word: then it is asked of each job whether it has one of them. */
const MOST_DOCUMENTS = 1_000
const MOST_PEOPLE = 100

export type ResolvedTerm = Term & {
  /** Where it may stand in the job's own words. */
  weights: readonly Weight[]
  /** Whether a piece of a title or reference counts. */
  inLabel: boolean
  /** Documents and people with the word. */
  things: Thing[]
  /** It stands in more documents than are named in `things`. */
  inManyDocuments: boolean
}

const WEIGHT_OF: Record<string, Weight> = { title: 'A', input: 'B', result: 'C', notes: 'D' }

/** Where words count, by the `in:` filters of a search: absent, everywhere. */
export function placesOf(filters: readonly FilterPart[]): { weights: Weight[]; documents: boolean; people: boolean } {
  const all = ['title', 'input', 'result', 'notes', 'documents', 'people']
  let places = new Set(all)
  for (const { field, values, negated } of filters) {
    if (field !== 'in') continue
    places = new Set([...places].filter((place) => values.includes(place) !== negated))
  }
  const weights = Object.entries(WEIGHT_OF).flatMap(([place, weight]) => (places.has(place) ? [weight] : []))
  return { weights, documents: places.has('documents'), people: places.has('people') }
}

/** Looks up which documents and people have each of `terms`: one term after another, on at most two connections. */
export async function resolveTerms(
  db: SearchDb,
  terms: readonly Term[],
  places: ReturnType<typeof placesOf>,
): Promise<ResolvedTerm[]> {
  return Promise.all(
    terms.map(async (term) => {
      const [documents, people] = await Promise.all([
        places.documents ? documentsWith(db, term) : [],
        places.people ? peopleWith(db, term) : [],
      ])
      const inManyDocuments = documents.length > MOST_DOCUMENTS
      return {
        ...term,
        weights: places.weights,
        inLabel: places.weights.includes('A') && term.piece !== null,
        things: [...(inManyDocuments ? [] : documents), ...people],
        inManyDocuments,
      }
    }),
  )
}

async function documentsWith(tx: Tx, term: Term): Promise<Thing[]> {
  const rows = await tx.$queryRaw<{ name: string }[]>`
    SELECT DISTINCT left(text_sha256, ${HASH_LENGTH}::int) AS name
      FROM (SELECT text_sha256 FROM search_document WHERE words @@ ${tsqueryOf(term, ['A', 'B', 'C', 'D'])}::tsquery
             LIMIT ${(MOST_DOCUMENTS + 1) * 2}::int) found
     LIMIT ${MOST_DOCUMENTS + 1}::int`
  return rows.map(({ name }) => bytesThing(name))
}

/** People are few. Whoever is named by a word of a title as well is found by both. */
async function peopleWith(tx: Tx, { piece, negated }: Term): Promise<Thing[]> {
  if (piece === null || negated) return []
  const people = await namedLike(tx, piece)
  return people.map(requesterThing)
}

async function namedLike(tx: Tx, name: string, known: Prisma.Sql = Prisma.sql`true`): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>(Prisma.sql`
    SELECT id FROM user_account u
     WHERE (u.name ILIKE ${anywhere(name)} OR u.email ILIKE ${anywhere(name)}) AND ${known}
     ORDER BY u.id LIMIT ${MOST_PEOPLE}::int`)
  return rows.map(({ id }) => id)
}

/** Whoever sees only their own jobs is told of nobody else than who decided in them: not even that they are there. */
function knownTo(actor: Actor): Prisma.Sql {
  if (readsEverything(actor)) return Prisma.sql`true`
  return Prisma.sql`(u.id = ${actor.userId} OR EXISTS (
    SELECT 1 FROM job j JOIN decision d ON d.job_id = j.id
     WHERE d.user_id = u.id AND ${Prisma.join(scopeOf(actor), ' AND ')}))`
}

export type ResolvedNames = {
  /** Ids of the people that each value of a filter means; by filter. */
  people: Map<FilterPart, string[]>
  problems: Problem[]
}

/** Looks up the names in `filters`: whoever is not there is said not to be. */
export async function resolveNames(
  tx: Tx,
  actor: Actor,
  filters: readonly (FilterPart & { at: Span })[],
): Promise<ResolvedNames> {
  const people = new Map<FilterPart, string[]>()
  const problems: Problem[] = []
  for (const filter of filters) {
    const { field, values, at } = filter
    if (field === 'requester' || field === 'reviewer') {
      const ids = new Set<string>()
      for (const value of values) {
        const found =
          value.toLowerCase() === 'me'
            ? [actor.userId].filter((id) => id !== null)
            : await namedLike(tx, value, knownTo(actor))
        for (const id of found) ids.add(id)
        if (found.length === 0) problems.push({ ...at, message: nobody(value, actor) })
      }
      people.set(filter, [...ids])
    }
    if (field === 'workflow') {
      const keys = (await tx.workflow.findMany({ select: { key: true } })).map(({ key }) => key)
      for (const value of values) {
        if (keys.includes(value)) continue
        const meant = didYouMean(value, keys)
        const advice = meant === null ? `There are ${keys.toSorted().join(', ')}.` : `Did you mean ${meant}?`
        problems.push({ ...at, message: `There is no workflow “${value}”. ${advice}` })
      }
    }
  }
  return { people, problems }
}

function nobody(value: string, actor: Actor): string {
  if (value.toLowerCase() === 'me' && actor.userId === null) return 'A key of a service is nobody: “me” needs a person.'
  const who = readsEverything(actor) ? 'Nobody here' : 'Nobody who had to do with your jobs'
  return `${who} is called “${value}”. Write part of a name or an e-mail address, or me.`
}

/** The workflows whose sending stands still. */
export const stoppedWorkflows = Prisma.sql`SELECT workflow_key FROM queue_stop WHERE resumed_at IS NULL`
