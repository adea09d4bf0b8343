/** What has exactly the number, id or reference that was typed: looked up by the indexes over them, in one query. */
import { z } from 'zod'
import type { Tx } from '@/lib/store/db.server'
import type { WordsPart } from './filter'

export type Exact = {
  ids: string[]
  /** It can be nothing else: an id, a response's id, a number behind `#`. Then no words are looked for. */
  isUnmistakable: boolean
}

/** Nothing has exactly that name. */
const NO_EXACT: Exact = { ids: [], isUnmistakable: false }
const NUMBER = /^(#?)\s*(\d{1,3}(?:,\d{3})+|\d{1,9})$/
const RESPONSE = /^resp_[\w-]{1,200}$/
const MESSAGE = /^dlv_[\w-]{1,200}$/
/** A job's number is a 32-bit integer. */
const LARGEST_NUMBER = 2_147_483_647
/** Longer ones are cut when a job is asked for. */
const LONGEST_REFERENCE = 200
/** Several jobs may have the same reference; the newest are shown first. */
const MOST = 20

const typedAs = (words: readonly WordsPart[]) =>
  words
    .map(({ text }) => text)
    .join(' ')
    .trim()

/** Whether it looks like a name that can be nothing else. */
export function looksUnmistakable(words: readonly WordsPart[]): boolean {
  const typed = typedAs(words)
  const isId = z.uuid().safeParse(typed.toLowerCase()).success
  return isId || RESPONSE.test(typed) || MESSAGE.test(typed) || NUMBER.exec(typed)?.[1] === '#'
}

/** Looks up what was typed as one name. Whether the asking person may see what it names is not asked here. */
export async function findExact(tx: Tx, words: readonly WordsPart[]): Promise<Exact> {
  if (words.length === 0 || words.some(({ negated }) => negated)) return NO_EXACT
  const typed = typedAs(words)
  if (typed === '' || typed.length > LONGEST_REFERENCE) return NO_EXACT
  const uuid = z.uuid().safeParse(typed.toLowerCase()).data ?? null
  const [, hash, digits] = NUMBER.exec(typed) ?? []
  const number = numberOf(digits)
  const response = RESPONSE.test(typed) ? typed : null
  const message = MESSAGE.test(typed) ? typed : null
  // Found before it is sorted: else jobs are gone through by number until twenty have the reference, and few ever do.
  const rows = await tx.$queryRaw<{ id: string; sure: boolean }[]>`
    WITH referred AS MATERIALIZED (
      SELECT id, number FROM job WHERE reference IS NOT NULL AND lower(reference) = lower(${typed}))
    SELECT id, sure FROM (
      (SELECT id, number, ${hash === '#'}::bool AS sure FROM job WHERE number = ${number}::int)
      UNION ALL (SELECT id, number, true FROM job WHERE id = ${uuid}::uuid)
      UNION ALL (SELECT j.id, j.number, true FROM attempt a JOIN job j ON j.id = a.job_id WHERE a.id = ${uuid}::uuid)
      UNION ALL (SELECT j.id, j.number, true FROM delivery d JOIN job j ON j.id = d.job_id WHERE d.id = ${uuid}::uuid)
      UNION ALL (SELECT j.id, j.number, true FROM attempt a JOIN job j ON j.id = a.job_id WHERE a.response_id = ${response})
      UNION ALL (SELECT j.id, j.number, true FROM delivery d JOIN job j ON j.id = d.job_id WHERE d.message_id = ${message})
      UNION ALL (SELECT id, number, false FROM referred ORDER BY number DESC LIMIT ${MOST}::int)
    ) found ORDER BY sure DESC, number DESC`
  return { ids: [...new Set(rows.map(({ id }) => id))].slice(0, MOST), isUnmistakable: rows.some(({ sure }) => sure) }
}

function numberOf(digits: string | undefined): number | null {
  if (digits === undefined) return null
  const number = Number(digits.replaceAll(',', ''))
  return number <= LARGEST_NUMBER ? number : null
}
