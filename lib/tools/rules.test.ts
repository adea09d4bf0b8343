import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Job, ToolCall } from '@/lib/generated/prisma/client'
import { type CallsWorld, callsWorld, PAY } from '@/lib/testing/calls'
import { forgedMove, inOneTransaction, rawClient, type Statement } from '@/lib/testing/forge'

let w: CallsWorld
let raw: pg.Client

beforeAll(async () => {
  w = await callsWorld()
  raw = await rawClient(w.database.url)
})
afterAll(async () => {
  await raw.end()
  await w[Symbol.asyncDispose]()
})

/** Runs statements in one transaction as the application's role. */
const attempt = (...statements: Statement[]) => inOneTransaction(raw, ...statements)

async function waiting(): Promise<{ job: Job; call: ToolCall }> {
  const job = await w.ask([PAY])
  const [call] = await w.calls(job.id)
  if (call === undefined) throw new Error('no call')
  return { job, call }
}

async function permitted(): Promise<ToolCall> {
  const { job } = await waiting()
  await w.answer(job.id)
  const [call] = await w.calls(job.id)
  if (call === undefined) throw new Error('no call')
  return call
}

/** A perfect answer, as far as it goes: the decision of a reviewer, and its event. */
function forgedAnswer(job: Job, calls: { id: string; allowed: boolean; arguments: string }[]): Statement[] {
  const round = { number: 1, kind: 'permission' }
  return [
    [
      `INSERT INTO decision (id, round_id, job_id, command, user_id, at, event_seq)
       SELECT gen_random_uuid(), id, job_id, 'answer', $2, now(), $3 FROM review_round WHERE job_id = $1`,
      job.id,
      w.reviewer.userId,
      job.version + 1,
    ],
    [`UPDATE review_round SET closed_at = now(), outcome = 'answer' WHERE job_id = $1`, job.id],
    ...forgedMove(job, {
      command: 'answer',
      to: 'queued',
      actor: { kind: 'person', id: w.reviewer.userId },
      detail: { round, calls },
    }),
  ]
}

describe('raw SQL as the application’s role', () => {
  test('cannot permit a call that writes without an answer', async () => {
    const { call } = await waiting()
    const { id, argumentsSha256 } = call
    await expect(
      attempt([`UPDATE tool_call SET state = 'permitted', permitted_sha256 = $2 WHERE id = $1`, id, argumentsSha256]),
    ).rejects.toThrow('tool_call_that_writes_needs_a_person')
    await expect(
      attempt([
        `UPDATE tool_call SET state = 'permitted', permitted_sha256 = $2, decided_seq = 1 WHERE id = $1`,
        id,
        argumentsSha256,
      ]),
    ).rejects.toThrow('tool_call_is_answered_in_its_round')
  })

  test('cannot permit one call with the answer to another, nor with other arguments than were answered', async () => {
    const { job, call } = await waiting()
    const other = await waiting()
    const seq = job.version + 1
    const permit = (sha256: string): Statement => [
      `UPDATE tool_call SET state = 'permitted', permitted_sha256 = $2, decided_seq = $3 WHERE id = $1`,
      call.id,
      sha256,
      seq,
    ]
    const said = { id: call.id, allowed: true, arguments: call.argumentsSha256 }
    await expect(
      attempt(...forgedAnswer(job, [{ ...said, id: other.call.id }]), permit(call.argumentsSha256)),
    ).rejects.toThrow('tool_call_is_answered_in_its_round')
    await expect(
      attempt(...forgedAnswer(job, [{ ...said, allowed: false }]), permit(call.argumentsSha256)),
    ).rejects.toThrow('tool_call_is_answered_in_its_round')
    await expect(attempt(...forgedAnswer(job, [said]), permit('e'.repeat(64)))).rejects.toThrow(
      'tool_call_is_answered_in_its_round',
    )
    // The same with everything in its place is let through: what is refused above is refused for what it says.
    await attempt(...forgedAnswer(job, [said]), permit(call.argumentsSha256))
  })

  test('cannot go on over a call that waits', async () => {
    const { job } = await waiting()
    await expect(attempt(...forgedAnswer(job, []))).rejects.toThrow('answer_leaves_no_call_waiting')
  })

  test.each([
    ['its arguments', `arguments_sha256 = repeat('a', 64)`],
    ['what was permitted', `permitted_sha256 = repeat('a', 64)`],
    ['its name', `name = 'look_up'`],
    ['its risk', `risk = 'read'`],
    ['its id', `call_id = 'other'`],
    ['who decided', `decided_seq = 1`],
    ['its round', `round_id = NULL`],
  ])('cannot change %s once it is permitted', async (_what, change) => {
    const { id } = await permitted()
    await expect(attempt([`UPDATE tool_call SET state = 'permitted', ${change} WHERE id = $1`, id])).rejects.toThrow(
      /tool_call_(keeps_what_was_asked|is_made_once)/,
    )
  })

  test('cannot make a call twice, nor before it is stored', async () => {
    const { id, jobId } = await permitted()
    await expect(attempt([`UPDATE tool_call SET state = 'sending', tries = 1 WHERE id = $1`, id])).rejects.toThrow(
      'tool_call_is_stored_before_it_is_made',
    )
    expect(await w.make(jobId)).toBe('done')
    for (const state of ['permitted', 'sending', 'waiting', 'failed', 'answered']) {
      await expect(attempt([`UPDATE tool_call SET state = $2 WHERE id = $1`, id, state])).rejects.toThrow(
        'tool_call_is_made_once',
      )
    }
    await expect(
      attempt([`UPDATE tool_call SET state = 'answered', answer_sha256 = repeat('a', 64) WHERE id = $1`, id]),
    ).rejects.toThrow('tool_call_keeps_what_was_asked')
  })

  test('cannot add a call to an answer that was given, in any state, nor remove one', async () => {
    const { id } = await permitted()
    const copy = (state: string) =>
      attempt([
        `INSERT INTO tool_call (id, job_id, attempt_id, position, call_id, kind, name, risk, arguments_sha256, created_at, state, permitted_sha256)
         SELECT gen_random_uuid(), job_id, attempt_id, 1, call_id, kind, 'look_up', 'read', arguments_sha256, now(), $2, arguments_sha256
           FROM tool_call WHERE id = $1`,
        id,
        state,
      ])
    for (const state of ['permitted', 'refused']) {
      await expect(copy(state)).rejects.toThrow('tool_call_comes_with_its_payload')
    }
    await expect(attempt([`DELETE FROM tool_call WHERE id = $1`, id])).rejects.toMatchObject({ code: '42501' })
    await expect(attempt([`TRUNCATE tool_call`])).rejects.toMatchObject({ code: '42501' })
  })
})
