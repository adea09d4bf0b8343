import { expect, test } from 'vitest'
import { readBlob } from '@/lib/store/blobs.server'
import { type DeliveryWorld, deliveryWorld, GRACE_SECONDS } from '@/lib/testing/deliveries'
import { completed, REPORT, saw } from '@/lib/testing/engine'
import { person } from '@/lib/testing/people'
import { JobConflict } from './errors'

/** The long ways round an approval: what leaves is what was approved last, by the people who were asked for, once. */

const GRACE_MS = GRACE_SECONDS * 1_000
const HOUR = 3_600_000
const LATE = JSON.stringify({ ...JSON.parse(REPORT), title: 'Late' })

const roundsOf = (w: DeliveryWorld, jobId: string) =>
  w.db.reviewRound.findMany({ where: { jobId }, orderBy: { number: 'asc' } })

/** A job on its first result again: its second call was stopped, and has not said how it ended. */
async function reopenedBesideACall(w: DeliveryWorld): Promise<string> {
  const { id } = await w.ask()
  await w.give(w.reviewer, id, { command: 'retry' })
  await w.engine.step(id)
  await w.give(w.reviewer, id, { command: 'abandon', note: 'The first one will do.' })
  await w.reopen(id)
  w.engine.provider.onCancel = (responseId) => saw(completed(responseId, LATE))
  return id
}

test('an approval that is taken back is asked for anew on the same result, whatever came in late meanwhile', async () => {
  await using w = await deliveryWorld()
  const id = await reopenedBesideACall(w)
  await w.approve(id)
  await w.engine.step(id)
  expect(await w.db.result.count({ where: { jobId: id } }), 'the late one is kept').toBe(2)
  await w.give(w.reviewer, id, { command: 'undo' })
  const [, approved, undone] = await roundsOf(w, id)
  expect(undone).toMatchObject({ openedBy: 'undo', resultHash: approved?.resultHash, resultId: approved?.resultId })
  await w.approve(id)
  const delivery = await w.delivery(id)
  expect(delivery.resultHash).toBe(approved?.resultHash)
  const sent = JSON.parse(Buffer.from((await readBlob(w.db, delivery.bytesSha256)) ?? []).toString())
  expect(sent).toMatchObject({ resultHash: delivery.resultHash, result: { title: 'Rent' } })
})

test('a result that comes in late does not take the place of the one that is decided on', async () => {
  await using w = await deliveryWorld()
  const id = await reopenedBesideACall(w)
  await w.engine.step(id)
  const job = await w.read(id)
  const [, round] = await roundsOf(w, id)
  expect(job.result).toMatchObject({ attempt: 1, hash: round?.resultHash })
  expect(
    job.earlierResults.map(({ attempt }) => attempt),
    'the late one can be found',
  ).toEqual([2])
  expect((await w.approve(id)).job.state).toBe('completed')
})

test('reopening what was accepted is about what was accepted, so that it can be upheld', async () => {
  await using w = await deliveryWorld()
  const id = await reopenedBesideACall(w)
  await w.approve(id)
  await w.engine.step(id)
  w.engine.pass(GRACE_MS)
  await w.deliver(id)
  expect(await w.read(id)).toMatchObject({ result: { attempt: 1 }, deliveries: [{ state: 'delivered' }] })
  await w.reopen(id)
  expect(await w.read(id)).toMatchObject({ result: { attempt: 1 } })
  expect((await w.uphold(id)).job).toMatchObject({ state: 'completed', nextKind: 'none' })
  expect(w.server.received).toHaveLength(1)
})

const TWO_FOR_RENT = {
  id: 'rent',
  label: 'It is about rent',
  when: { if: 'value', at: '/title', is: { be: 'equal', value: 'Rent' } },
  ask: { approvals: 2, requesterMayApprove: false },
} as const

test('editing a result, abandoning it and reopening it asks for no fewer people than before the edit', async () => {
  await using w = await deliveryWorld({ review: { byRisk: [TWO_FOR_RENT] } })
  const { id } = await w.ask()
  const { result } = await w.read(id)
  await w.give(w.reviewer, id, {
    command: 'revise',
    resultHash: result?.hash,
    params: { text: REPORT.replace('"Rent"', '"Other"') },
  })
  await w.give(w.reviewer, id, { command: 'abandon', note: 'no' })
  await w.reopen(id)
  const [first, second] = await roundsOf(w, id)
  expect(first).toMatchObject({ approvals: 2, requesterMayApprove: false, policyRule: 'rent' })
  expect(second).toMatchObject({ approvals: 2, requesterMayApprove: false, policyRule: 'rent' })
})

test('after an abandon what had failed is not sent again, though the acceptance was upheld since', async () => {
  await using w = await deliveryWorld()
  const { id } = await w.ask()
  await w.approve(id)
  w.engine.pass(GRACE_MS)
  w.server.say(400)
  await w.deliver(id)
  await w.reopen(id)
  await w.give(w.reviewer, id, { command: 'abandon', note: 'It was wrong.' })
  await w.reopen(id)
  await w.uphold(id)
  const again = w.give(w.support, id, { command: 'redeliver', note: 'again' })
  await expect(again).rejects.toThrow(/What let it leave no longer stands/)
  await expect(again).rejects.toBeInstanceOf(JobConflict)
  expect(w.server.received).toHaveLength(1)
})

test('after an abandon no new try begins, though the acceptance was upheld before the engine looked', async () => {
  await using w = await deliveryWorld()
  const { id } = await w.ask()
  await w.approve(id)
  w.engine.pass(GRACE_MS)
  w.server.say(500)
  await w.deliver(id)
  await w.reopen(id)
  await w.give(w.reviewer, id, { command: 'abandon', note: 'It was wrong.' })
  await w.reopen(id)
  await w.uphold(id)
  w.engine.pass(HOUR)
  await w.deliver(id)
  expect(w.server.received).toHaveLength(1)
  expect(await w.read(id)).toMatchObject({ deliveries: [{ state: 'failed', code: 'stopped' }] })
})

test('an approval that was given anew can be taken back, though an earlier one has left', async () => {
  await using w = await deliveryWorld()
  const { id } = await w.ask()
  await w.approve(id)
  w.engine.pass(GRACE_MS)
  await w.deliver(id)
  await w.reopen(id)
  await w.approve(id)
  expect((await w.read(id, w.reviewer)).allowedCommands).toContain('undo')
  expect((await w.give(w.reviewer, id, { command: 'undo' })).job.state).toBe('awaiting_review')
  w.engine.pass(HOUR)
  await w.deliver(id)
  expect(w.server.received).toHaveLength(1)
  expect((await w.read(id)).deliveries).toMatchObject([{ state: 'delivered' }, { state: 'withdrawn' }])
})

test('what was held back when nobody decided in time stays held back, is told, and goes on once it is upheld', async () => {
  await using w = await deliveryWorld()
  const { id } = await w.ask()
  await w.approve(id)
  await w.reopen(id)
  w.engine.pass(25 * HOUR)
  expect(await w.engine.step(id)).toMatchObject({ state: 'expired' })
  await w.deliver(id)
  expect(await w.read(id)).toMatchObject({
    deliveries: [{ state: 'pending', sentence: 'It is held back while its job is not accepted.' }],
  })
  expect(w.server.received).toEqual([])
  await w.reopen(id)
  await w.uphold(id)
  await w.deliver(id)
  expect(w.server.received).toHaveLength(1)
})

test('nobody holds a place that they cannot fill: whoever has approved leaves the rest to others', async () => {
  await using w = await deliveryWorld({ review: { approvals: 2 } })
  const { id } = await w.ask()
  await w.approve(id)
  const { allowedCommands } = await w.read(id, w.reviewer)
  expect(allowedCommands).not.toContain('claim')
  await expect(w.give(w.reviewer, id, { command: 'claim' })).rejects.toThrow(/You have approved this already/)
})

test('nobody holds a place that they cannot fill: whoever asked leaves it to others, where the policy says so', async () => {
  await using w = await deliveryWorld({ review: { requesterMayApprove: false } })
  const { id } = await w.ask()
  await expect(w.give(w.reviewer, id, { command: 'claim' })).rejects.toThrow(/You asked for this job/)
  const other = await person(w.db, ['reviewer'])
  expect((await w.give(other, id, { command: 'claim' })).command).toBe('claim')
})
