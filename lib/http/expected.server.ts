/** The one place where expected failures become problem details, for routes and server actions alike. */
import { actorView, readNames } from '@/lib/jobs/people.server'
import type { Problem } from '@/lib/jobs/view'
import { RulesConflict } from '@/lib/rules/store.server'
import { isDatabaseAway } from '@/lib/store/database-away'
import { db } from '@/lib/store/db.server'
import {
  Forbidden,
  IdempotencyMismatch,
  InvalidInput,
  JobConflict,
  NotFound,
  QueueConflict,
  QueueDrained,
} from '@/lib/store/errors'

const URN = 'urn:holdpoint:problem:'

/** The problem that a failure is, for people and programs; null where it was not expected: let it rise. */
export async function problemOf(error: unknown): Promise<Problem | null> {
  if (error instanceof JobConflict) return conflictProblem(error)
  if (error instanceof InvalidInput) {
    return {
      type: `${URN}invalid`,
      title: 'This cannot be used',
      status: 422,
      detail: error.message,
      errors: error.errors,
    }
  }
  if (error instanceof RulesConflict) return rulesProblem(error)
  if (error instanceof QueueConflict) {
    return { type: `${URN}conflict`, title: 'The queue has moved on', status: 409, detail: error.message }
  }
  if (error instanceof QueueDrained) {
    return { type: `${URN}queue-drained`, title: 'The queue takes no new jobs', status: 409, detail: error.message }
  }
  if (error instanceof IdempotencyMismatch) {
    return { type: `${URN}idempotency-mismatch`, title: 'The key was used before', status: 422, detail: error.message }
  }
  if (error instanceof Forbidden) {
    return { type: `${URN}forbidden`, title: 'You may not do that', status: 403, detail: error.message }
  }
  if (error instanceof NotFound) {
    return { type: `${URN}not-found`, title: 'Not found', status: 404, detail: error.message }
  }
  if (isDatabaseAway(error)) {
    // It may have gone away after it had committed: nobody knows.
    const detail =
      'The database is away. If something was to be changed, nobody knows whether it was: look before you try again.'
    return { type: `${URN}database-away`, title: 'The database is away', status: 503, detail }
  }
  return null
}

async function rulesProblem({ current }: RulesConflict): Promise<Problem> {
  const { authorId, version } = current
  const names = await readNames(db(), authorId === null ? [] : [authorId], [])
  const who = authorId === null ? 'Holdpoint' : names.person(authorId)
  const detail =
    `${who} published version ${version} while you were changing the rules, so nothing was put in force. ` +
    'Load the page again and make your change on the new version.'
  return { type: `${URN}conflict`, title: 'The rules have moved on', status: 409, detail }
}

async function conflictProblem(error: JobConflict): Promise<Problem> {
  const { command, state, by, at } = error.last
  const ids = by.id === null ? [] : [by.id]
  const names = await readNames(db(), by.kind === 'person' ? ids : [], by.kind === 'api_key' ? ids : [])
  return {
    type: `${URN}conflict`,
    title: 'The job has moved on',
    status: 409,
    detail: error.message,
    conflict: { command, state, by: actorView(by.kind, by.id, names), at: at.toISOString() },
  }
}
