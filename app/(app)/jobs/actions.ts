'use server'

import type { Actor } from '@/lib/access/actor'
import { can } from '@/lib/access/can'
import { readActor } from '@/lib/access/session.server'
import { problemOf } from '@/lib/http/expected.server'
import { hearOwnChange } from '@/lib/jobs/changes.server'
import { findJobId } from '@/lib/jobs/detail.server'
import { type CreateJob, createJobSchema, type GiveCommand, giveCommandSchema, type Problem } from '@/lib/jobs/view'
import type { Command } from '@/lib/lifecycle/table'
import { loadSample } from '@/lib/samples/load.server'
import { giveCommand } from '@/lib/store/command.server'
import { createJob } from '@/lib/store/create.server'
import { db } from '@/lib/store/db.server'
import { Forbidden, InvalidInput, NotFound } from '@/lib/store/errors'

type Answer<T> = ({ ok: true } & T) | { ok: false; problem: Problem }

/**
 * A session may end while somebody writes: they are told, and stay where they are with what they typed. Sending them to
 * the sign-in page would lose it.
 */
const SIGNED_OUT: Problem = {
  type: 'urn:holdpoint:problem:unauthenticated',
  title: 'You are signed out',
  status: 401,
  detail: 'You are signed out, so nothing was done. Sign in again in another tab, then try again here.',
}

/** Runs a command of the signed-in person; what failed in an expected way comes back as a problem, the rest rises. */
async function attempt<T>(work: (actor: Actor) => Promise<T>): Promise<Answer<T>> {
  try {
    const actor = await readActor()
    if (actor === null) return { ok: false, problem: SIGNED_OUT }
    const done = await work(actor)
    hearOwnChange()
    return { ok: true, ...done }
  } catch (error) {
    const problem = await problemOf(error)
    if (problem === null) throw error
    return { ok: false, problem }
  }
}

/** Starts a job. `submissionKey` was made with the form: sending it twice makes one job. */
export async function submitJob(ask: CreateJob, submissionKey: string): Promise<Answer<{ number: number }>> {
  return attempt(async (actor) => {
    const verdict = can(actor, 'create', null)
    if (!verdict.allowed) throw new Forbidden(verdict.why)
    const parsed = createJobSchema.safeParse(ask)
    if (!parsed.success) {
      const errors = parsed.error.issues.map((issue) => ({
        pointer: `/${issue.path.map(String).join('/')}`,
        detail: issue.message,
      }))
      throw new InvalidInput('The job cannot be started like this.', errors)
    }
    const { job } = await createJob(db(), actor, parsed.data, {
      transport: 'browser',
      idempotencyKey: `form:${String(submissionKey).slice(0, 200)}`,
    })
    return { number: job.number }
  })
}

/**
 * Starts one of the sample jobs, with the sample documents that ship with Holdpoint. `submissionKey` was made with the
 * page: pressing twice makes one job.
 */
export async function startSample(key: string, submissionKey: string): Promise<{ number: number } | { error: string }> {
  const started = await attempt(async (actor) => {
    const verdict = can(actor, 'create', null)
    if (!verdict.allowed) throw new Forbidden(verdict.why)
    const ask = await loadSample(db(), actor, String(key))
    const { job } = await createJob(db(), actor, ask, {
      transport: 'browser',
      idempotencyKey: `sample:${String(submissionKey).slice(0, 200)}:${String(key)}`,
      // Its documents are stored anew each time.
      sameAs: `sample:${String(key)}`,
    })
    return { number: job.number }
  })
  return started.ok ? { number: started.number } : { error: started.problem.detail }
}

/** Gives a command to a job. A lost race comes back as a problem that says who did what, when. */
export async function giveJobCommand(jobId: string, ask: GiveCommand): Promise<Answer<{ command: Command }>> {
  return attempt(async (actor) => {
    const parsed = giveCommandSchema.safeParse(ask)
    if (!parsed.success) throw new InvalidInput('The command cannot be read.')
    const id = await findJobId(db(), actor, String(jobId))
    if (id === null) throw new NotFound('There is no such job, or you may not see it.')
    const { command } = await giveCommand(db(), actor, id, parsed.data, 'browser')
    return { command }
  })
}
