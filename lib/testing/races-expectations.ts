/** What must hold after any race over a lost answer. */
import fc from 'fast-check'
import { expect } from 'vitest'
import { type AfterRace, type Race, rivals, runRace } from './races'

const races: fc.Arbitrary<Race> = fc.record({
  answer: fc.constantFrom('comes' as const, 'is_lost' as const),
  ends: fc.constantFrom('before' as const, 'after' as const),
  rivals: fc
    .array(fc.constantFrom(...rivals), { minLength: 1, maxLength: 6 })
    .map((some) => ['webhook' as const, ...some]),
})

/** Adopt, cancel, abandon, resend and a late success, in every interleaving that the scheduler thinks of. */
export async function expectRacesToLoseNothing(runs: Pick<fc.Parameters<unknown>, 'numRuns' | 'seed'>): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), races, async (scheduler, race) => {
      expectNothingLost(await runRace(scheduler, race))
    }),
    { ...runs, endOnFailure: true },
  )
}

function expectNothingLost(after: AfterRace): void {
  const { job, attempts, openRounds, receipts, creates, resends, retries, unasked, ended } = after
  expect(after.historyHolds).toBe(true)
  expect(after.tampering).toEqual([])
  expect(Object.values(creates).every((times) => times === 1)).toBe(true)
  expect(attempts.length).toBeLessThanOrEqual(1 + resends + retries)
  expect(unasked).toBe(0)
  expect(openRounds).toHaveLength(job.state === 'awaiting_review' ? 1 : 0)
  expect(attempts.filter(({ endedAt }) => endedAt === null)).toHaveLength(
    openRounds.some(({ kind }) => kind === 'unknown') ? 1 : 0,
  )
  expect(receipts.map(({ state }) => state)).not.toContain('open')
  // Every webhook here names the first attempt: its response is found, whatever became of its answer.
  if (receipts.length > 0) expect(attempts[0]?.responseId).toBe(`resp_${attempts[0]?.id}`)
  for (const attempt of attempts) {
    // Whatever was named was paid: it is known, its end is kept, and so is its cost.
    const isNamed = receipts.some(({ attemptId }) => attemptId === attempt.id)
    if (isNamed) expect(attempt.responseId).toBe(`resp_${attempt.id}`)
    const end = attempt.responseId === null ? undefined : ended.get(attempt.responseId)
    if (attempt.responseId === null) continue
    expect(end, 'what was not used was cancelled').toBeDefined()
    expect(attempt.payloadSha256).not.toBeNull()
    if (receipts.some(({ attemptId, state }) => attemptId === attempt.id && state === 'adopted'))
      expect(attempt.providerStatus).toBe(end?.status)
    if (end?.status === 'completed') expect(attempt.usage).toMatchObject({ totalTokens: 15 })
  }
  // What was given up is never used.
  if (job.state === 'abandoned') expect(openRounds).toEqual([])
}
