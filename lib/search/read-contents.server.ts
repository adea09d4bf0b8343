/** What of jobs can be searched for, read from where it is stored. */
import { Prisma } from '@/lib/generated/prisma/client'
import { TELLING } from '@/lib/review/blind'
import type { Tx } from '@/lib/store/db.server'
import type { JobContent } from './content'
import { bytesThing, deciderThing, modelThing, requesterThing, type Thing } from './words'

/** What one job has that can be searched for, and the things that it can be found by. */
export type Contents = {
  id: string
  content: JobContent
  things: Thing[]
  costMicros: bigint | null
  tokens: bigint | null
}

type NoteRow = { jobId: string; command: string; round: number | null; note: string | null; guidance: string | null }

/**
 * Reads these jobs. Each table is asked once, however many there are.
 * @param hold whether nothing of it may be erased before the transaction ends: what erases it must find what is kept of it.
 */
export async function readContents(tx: Tx, ids: readonly string[], { hold }: { hold: boolean }): Promise<Contents[]> {
  const where = { jobId: { in: [...ids] } }
  const jobs = await tx.job.findMany({
    where: { id: { in: [...ids] } },
    select: {
      id: true,
      title: true,
      reference: true,
      requesterId: true,
      inputSha256: true,
      guidanceSha256: true,
      failureCode: true,
      documents: {
        select: { document: { select: { name: true, textSha256: true } } },
        orderBy: { position: 'asc' },
      },
    },
  })
  const attempts = await tx.attempt.findMany({
    where,
    select: { jobId: true, model: true, failureCode: true, costMicros: true, usage: true },
    orderBy: { number: 'asc' },
  })
  const results = await tx.result.findMany({
    where,
    select: { jobId: true, sha256: true, text: true, json: true },
    orderBy: { id: 'desc' },
  })
  const rounds = await tx.reviewRound.findMany({
    where,
    select: {
      jobId: true,
      number: true,
      blind: true,
      closedAt: true,
      snoozeNoteSha256: true,
      decisions: { select: { userId: true } },
    },
  })
  const deliveries = await tx.delivery.findMany({ where, select: { jobId: true, destination: true, reference: true } })
  const calls = await tx.toolCall.findMany({ where, select: { jobId: true, reasonSha256: true } })
  const told = await tx.$queryRaw<NoteRow[]>`
    SELECT job_id AS "jobId", command, (said -> 'round' ->> 'number')::int AS round, said ->> 'note' AS note, said ->> 'guidance' AS guidance
      FROM (SELECT job_id, seq, command, body::jsonb AS said FROM event WHERE job_id = ANY (${[...ids]}::uuid[])
               AND (body LIKE '%"note":"%' OR body LIKE '%"guidance":"%')) e
     ORDER BY job_id, seq DESC`

  const named = new Set<string>()
  for (const { inputSha256, guidanceSha256 } of jobs) named.add(inputSha256).add(guidanceSha256 ?? '')
  for (const { note, guidance } of told) named.add(note ?? '').add(guidance ?? '')
  for (const { snoozeNoteSha256 } of rounds) named.add(snoozeNoteSha256 ?? '')
  for (const { reasonSha256 } of calls) named.add(reasonSha256 ?? '')
  for (const { sha256 } of results) named.add(sha256)
  const texts = await readTexts(
    tx,
    [...named].filter((sha256) => sha256 !== ''),
    hold,
  )

  const by = <T extends { jobId: string }>(rows: readonly T[]) => Map.groupBy(rows, ({ jobId }) => jobId)
  const [attemptsOf, resultsOf, roundsOf, deliveriesOf, callsOf, toldOf] = [
    by(attempts),
    by(results),
    by(rounds),
    by(deliveries),
    by(calls),
    by(told),
  ]
  return jobs.map((job): Contents => {
    const own = {
      attempts: attemptsOf.get(job.id) ?? [],
      results: resultsOf.get(job.id) ?? [],
      rounds: roundsOf.get(job.id) ?? [],
      told: toldOf.get(job.id) ?? [],
      calls: callsOf.get(job.id) ?? [],
      deliveries: deliveriesOf.get(job.id) ?? [],
    }
    // While a blind round is open nobody may find out what others decide in it, or that they did.
    const blind = own.rounds.find((round) => round.blind && round.closedAt === null)
    const open = own.told.filter(
      ({ command, round }) => blind === undefined || round !== blind.number || !isTelling(command),
    )
    const noteNames = [
      ...open.flatMap(({ note, guidance }) => [note, guidance]),
      ...own.rounds.map(({ snoozeNoteSha256 }) => snoozeNoteSha256),
      ...own.calls.map(({ reasonSha256 }) => reasonSha256),
    ].filter((sha256) => sha256 !== null)
    const textOf = (sha256: string | null) => (sha256 === null ? null : (texts.get(sha256) ?? null))
    const content: JobContent = {
      title: job.title,
      reference: job.reference,
      input: textOf(job.inputSha256),
      guidance: textOf(job.guidanceSha256),
      results: own.results.filter(({ sha256 }) => texts.has(sha256)),
      notes: [...new Set(noteNames)].map(textOf).filter((text) => text !== null),
      codes: [...new Set([job.failureCode, ...own.attempts.map(({ failureCode }) => failureCode)])].filter(
        (code) => code !== null,
      ),
      documents: job.documents.map(({ document }) => document.name),
      deliveries: [
        ...new Set(own.deliveries.flatMap(({ destination, reference }) => [destination, reference ?? ''])),
      ].filter((text) => text !== ''),
    }
    const sources = [
      job.inputSha256,
      job.guidanceSha256,
      ...noteNames,
      ...own.results.map(({ sha256 }) => sha256),
      ...job.documents.map(({ document }) => document.textSha256),
    ].filter((sha256) => sha256 !== null)
    const deciders = own.rounds
      .filter((round) => round !== blind)
      .flatMap(({ decisions }) => decisions.map(({ userId }) => userId))
      .filter((userId) => userId !== null)
    return {
      id: job.id,
      content,
      things: [
        ...sources.map(bytesThing),
        ...(job.requesterId === null ? [] : [requesterThing(job.requesterId)]),
        ...deciders.map(deciderThing),
        ...own.attempts.map(({ model }) => modelThing(model)),
      ],
      costMicros: sumOf(own.attempts.map(({ costMicros }) => costMicros)),
      tokens: sumOf(own.attempts.map(({ usage }) => tokensOf(usage))),
    }
  })
}

const isTelling = (command: string): boolean => (TELLING as readonly string[]).includes(command)

/** What is not known of one of them is not known of all together. Before the first attempt there is nothing to know. */
function sumOf(amounts: readonly (bigint | null)[]): bigint | null {
  if (amounts.length === 0 || amounts.includes(null)) return null
  return amounts.reduce<bigint>((sum, amount) => sum + (amount ?? 0n), 0n)
}

function tokensOf(usage: Prisma.JsonValue): bigint | null {
  const total = (usage as { totalTokens?: unknown } | null)?.totalTokens
  return typeof total === 'number' && Number.isSafeInteger(total) && total >= 0 ? BigInt(total) : null
}

/**
 * The beginnings of texts, by hash: of each its first chunk, which has more words than are kept. Those that were erased
 * are missing.
 */
async function readTexts(tx: Tx, hashes: readonly string[], hold: boolean): Promise<Map<string, string>> {
  if (hashes.length === 0) return new Map()
  const kept = hold
    ? Prisma.sql`holdpoint_hold_blobs(${[...hashes]}::text[]) AS k (sha256)`
    : Prisma.sql`(SELECT sha256 FROM blob WHERE sha256 = ANY (${[...hashes]}::text[]) AND erased_at IS NULL) k`
  const rows = await tx.$queryRaw<{ sha256: string; bytes: Uint8Array | null }[]>(Prisma.sql`
    SELECT k.sha256, c.bytes FROM ${kept} LEFT JOIN blob_chunk c ON c.sha256 = k.sha256 AND c.position = 0`)
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  return new Map(rows.map(({ sha256, bytes }) => [sha256, bytes === null ? '' : decoder.decode(bytes)]))
}
