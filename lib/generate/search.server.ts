/** What generated jobs are found by: worked out once a story, and put together with what each job has of its own. */
import type pg from 'pg'
import { sourcesOf } from '@/lib/search/content'
import { textOf } from '@/lib/search/index-documents.server'
import { bytesThing, documentVectors, vectorOf } from '@/lib/search/words'
import type { Finish } from './finish.server'
import type { Told } from './stories.server'

/** Of fewer jobs the indexes are written row by row: making them anew takes longer. */
const ANEW_FROM = 50_000
/** Numbers and stories sent at once. */
const BATCH = 100_000

/** Fills the search for every job of this run, in a few statements. The file that `fileOf` names stands in each input. */
export async function fillSearch(client: pg.ClientBase, { first, told, storyOf }: Finish): Promise<void> {
  await keepDocuments(client, told)
  await client.query(
    'CREATE TEMPORARY TABLE generated_from (number int PRIMARY KEY, story int NOT NULL) ON COMMIT DROP',
  )
  for (let from = 0; from < storyOf.length; from += BATCH) {
    const stories = [...storyOf.subarray(from, from + BATCH)]
    await client.query(
      `INSERT INTO generated_from SELECT $1::int + place - 1, story FROM unnest($2::int[]) WITH ORDINALITY AS u (story, place)`,
      [first + from, stories],
    )
  }
  await client.query(
    'CREATE TEMPORARY TABLE story_words (story int PRIMARY KEY, words tsvector NOT NULL) ON COMMIT DROP',
  )
  for (const [story, { search, inputSha256 }] of told.patterns.entries()) {
    const { content, things } = search
    // Title, reference, people and input are each job's own.
    const input = bytesThing(inputSha256)
    const own = things.filter((thing) => !thing.startsWith('u') && !thing.startsWith('r') && thing !== input)
    const { vector } = vectorOf(sourcesOf({ ...content, title: '', reference: null }), own)
    await client.query('INSERT INTO story_words VALUES ($1, $2::tsvector)', [story, vector])
  }
  await client.query('ANALYZE generated_from; ANALYZE story_words')
  const isAnew = storyOf.length >= ANEW_FROM
  if (isAnew) await client.query('DROP INDEX search_has_words, search_has_label')
  await client.query(
    `INSERT INTO job_search (job_id, number, label, words, cost_micros, tokens, indexed_at)
     SELECT j.id, j.number, l.label,
            search_label_words(l.label) || w.words || setweight(to_tsvector('simple', 'our file hf ' || lpad(j.number::text, 8, '0')), 'B')
              || array_to_tsvector(array_remove(array_cat(ARRAY[E'\\x01u' || j.requester_id, E'\\x01b' || left(j.input_sha256, 32)], d.deciders), NULL)),
            a.cost, a.tokens, now()
       FROM job j
       JOIN generated_from g USING (number) JOIN story_words w USING (story)
       CROSS JOIN LATERAL (SELECT lower(j.title) || E'\\n' || lower(coalesce(j.reference, '')) AS label) l
       LEFT JOIN (SELECT d.job_id, array_agg(DISTINCT E'\\x01r' || d.user_id) AS deciders FROM decision d
                    JOIN review_round r ON r.id = d.round_id AND NOT (r.blind AND r.closed_at IS NULL)
                   WHERE d.user_id IS NOT NULL GROUP BY d.job_id) d ON d.job_id = j.id
       LEFT JOIN (SELECT job_id, CASE WHEN bool_and(cost_micros IS NOT NULL) THEN sum(cost_micros)::bigint END AS cost,
                         CASE WHEN bool_and(usage ->> 'totalTokens' IS NOT NULL) THEN sum((usage ->> 'totalTokens')::bigint)::bigint END AS tokens
                    FROM attempt GROUP BY job_id) a ON a.job_id = j.id
      WHERE j.number >= $1 ORDER BY j.number`,
    [first],
  )
  if (!isAnew) return
  await client.query(`SET LOCAL maintenance_work_mem = '512MB'`)
  await client.query(
    'CREATE INDEX search_has_words ON job_search USING GIN (words) WITH (gin_pending_list_limit = 1024)',
  )
  await client.query(
    'CREATE INDEX search_has_label ON job_search USING GIN (label gin_trgm_ops) WITH (gin_pending_list_limit = 512)',
  )
}

async function keepDocuments(client: pg.ClientBase, { documents, blobs }: Told): Promise<void> {
  for (const { text_sha256: sha256 } of documents) {
    const text = blobs.find((blob) => blob.sha256 === sha256)?.bytes.toString('utf8')
    if (text === undefined) throw new Error(`the text of a document of the stories is missing: ${sha256}`)
    const { vectors, cut } = documentVectors(textOf(text))
    for (const [part, vector] of vectors.entries()) {
      await client.query(
        'INSERT INTO search_document (text_sha256, part, words, cut) VALUES ($1, $2, $3::tsvector, $4) ON CONFLICT DO NOTHING',
        [sha256, part, vector, cut],
      )
    }
  }
}
