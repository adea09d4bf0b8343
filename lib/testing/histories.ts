/** Jobs in any state, made by the commands that lead there, for tests that need one to begin with. */
import type { Actor } from '@/lib/access/actor'
import type { Job } from '@/lib/generated/prisma/client'
import type { RoundKind, State } from '@/lib/lifecycle/table'
import { giveCommand } from '@/lib/store/command.server'
import type { Db } from '@/lib/store/db.server'
import {
  accepted,
  calling,
  completed,
  type Engine,
  errorOf,
  publishWithTools,
  REPORT,
  reportJob,
  response,
} from './engine'

export type Standing = { state: State; round: RoundKind | null }

const lost = {
  httpStatus: null,
  requestId: null,
  milliseconds: 1,
  kind: 'lost' as const,
  error: errorOf({ code: 'ECONNRESET' }),
}

/** The hash that the job's open round, or its newest result, is about; undefined where there is none. */
export async function currentHash(db: Db, jobId: string): Promise<string | undefined> {
  const result = await db.result.findFirst({ where: { jobId }, orderBy: { createdAt: 'desc' } })
  return result?.sha256
}

/** A job of `requester` that stands there, with a result wherever one can be. `owner` gives what commands it needs. */
export async function jobStanding(
  { db, engine, owner, requester }: { db: Db; engine: Engine; owner: Actor; requester: Actor },
  { state, round }: Standing,
): Promise<Job> {
  const job = await reportJob(db, requester, round === 'permission' ? { workflow: await publishWithTools(db) } : {})
  const { provider, step, pass } = engine
  const finish = () => {
    provider.onCreate = [
      (request) => ({
        ...accepted(''),
        kind: 'accepted',
        seen: completed(`resp_${request.metadata.attempt_id}`, REPORT),
      }),
    ]
    return step(job.id)
  }
  switch (state) {
    case 'queued':
      return job
    case 'running':
      return step(job.id)
    case 'awaiting_review':
      if (round === 'result') return finish()
      if (round === 'unknown') {
        provider.onCreate = [() => lost]
        return step(job.id)
      }
      if (round === 'trouble') {
        provider.onCreate = [
          (request) => ({
            ...accepted(''),
            kind: 'accepted',
            seen: response(`resp_${request.metadata.attempt_id}`, 'cancelled'),
          }),
        ]
        return step(job.id)
      }
      provider.onCreate = [
        (request) => ({
          ...accepted(''),
          kind: 'accepted',
          seen: calling(`resp_${request.metadata.attempt_id}`, [{ name: 'pay', arguments: { to: 'Dana', amount: 5 } }]),
        }),
      ]
      return step(job.id)
    case 'completed':
      await finish()
      return (
        await giveCommand(db, owner, job.id, { command: 'approve', resultHash: await currentHash(db, job.id) }, 'api')
      ).job
    case 'abandoned':
      await finish()
      return (await giveCommand(db, owner, job.id, { command: 'abandon', note: 'not needed' }, 'api')).job
    case 'failed': {
      await finish()
      await giveCommand(db, owner, job.id, { command: 'retry' }, 'api')
      provider.onCreate = [() => ({ ...lost, kind: 'refused', httpStatus: 400, error: errorOf({ httpStatus: 400 }) })]
      return step(job.id)
    }
    case 'expired': {
      await finish()
      // Forward past its deadline, and back: the other jobs of the test live on.
      pass(25 * 3_600_000)
      const expired = await step(job.id)
      pass(-25 * 3_600_000)
      return expired
    }
  }
}
