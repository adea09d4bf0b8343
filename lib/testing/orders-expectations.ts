/** What must hold of where jobs stand, whatever order their news came in. */
import fc from 'fast-check'
import { expect } from 'vitest'
import { type JobPlan, jobPlans, runPlans } from './orders'

/** Jitter: of its own for each world, so that they look at other moments. */
const chance = fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })).map((stream) => () => {
  const { value } = stream.next()
  return value as number
})

/**
 * The property: with webhooks in any order, lost, doubled, early or lying, and with none at all, the final rows are those
 * that polls alone lead to; except where the answer to a create was lost: that one is found by a webhook that names it,
 * and then its rows are the same too, or else waits for people.
 */
export async function expectOrdersToChangeNothing(
  runs: Pick<fc.Parameters<unknown>, 'numRuns' | 'seed'>,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(jobPlans, fc.tuple(chance, chance, chance), async (plans, [one, two, three]) => {
      const [calm, polled, told] = await Promise.all([
        runPlans(plans, { losesAnswers: false, sendsWebhooks: false }, one),
        runPlans(plans, { losesAnswers: true, sendsWebhooks: false }, two),
        runPlans(plans, { losesAnswers: true, sendsWebhooks: true }, three),
      ])
      for (const [index, plan] of plans.entries()) {
        const sent = calm[index]?.attempts.length ?? 0
        expect(polled[index]).toEqual(firstLost(plan, sent) === null ? calm[index] : heldAtLost(plan, sent))
        expect(told[index]).toEqual(firstUnnamed(plan, sent) === null ? calm[index] : heldAtUnnamed(plan, sent))
      }
    }),
    // A smaller example would take many more worlds to find.
    { ...runs, endOnFailure: true },
  )
}

/** The number of the first attempt of `sent` whose answer is lost; null where there is none. */
function firstLost(plan: JobPlan, sent: number): number | null {
  return firstOf(plan, sent, ({ isLost }) => isLost)
}

/** As `firstLost`, and that no webhook names. */
function firstUnnamed(plan: JobPlan, sent: number): number | null {
  return firstOf(plan, sent, ({ isLost, news }) => isLost && news.length === 0)
}

function firstOf({ calls }: JobPlan, sent: number, isIt: (call: JobPlan['calls'][number]) => boolean): number | null {
  for (let number = 1; number <= sent; number += 1) {
    const call = calls[number - 1] ?? calls.at(-1)
    if (call !== undefined && isIt(call)) return number
  }
  return null
}

const heldAtLost = (plan: JobPlan, sent: number) => held(firstLost(plan, sent) ?? 0)
const heldAtUnnamed = (plan: JobPlan, sent: number) => held(firstUnnamed(plan, sent) ?? 0)

/** It waits for people with the attempt whose answer was lost, and has sent nothing since. */
function held(number: number): unknown {
  const attempts = expect.toSatisfy(
    (all: { providerStatus: string; hasEnded: boolean; hasId: boolean }[]) =>
      all.length === number && all.at(-1)?.providerStatus === 'unknown' && !all.at(-1)?.hasEnded && !all.at(-1)?.hasId,
  )
  return expect.objectContaining({
    job: expect.objectContaining({ state: 'awaiting_review', nextKind: 'resolve_unknown', fence: number }),
    attempts,
    rounds: [expect.objectContaining({ kind: 'unknown', reason: 'lost_answer', outcome: null })],
  })
}
