/** Makes a job: its row, its documents, its first event and its wake-up, in one transaction. */
import { createHash } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import type { Actor } from '@/lib/access/actor'
import { saveDocument, uploaderOf } from '@/lib/documents/store.server'
import type { Job } from '@/lib/generated/prisma/client'
import type { CreateJob } from '@/lib/jobs/view'
import { nextActionOf } from '@/lib/lifecycle/next-action'
import { refuseAtCreate } from '@/lib/money/refuse.server'
import { refuseWhileDrained } from '@/lib/queues/control.server'
import type { WorkflowDefinition } from '@/lib/workflows/definition'
import { validateInput } from '@/lib/workflows/input'
import { inputTooLong } from '@/lib/workflows/request'
import { definitionOf } from '@/lib/workflows/store.server'
import { actorOf } from './actor'
import { putBlob } from './blobs.server'
import type { Db, Tx } from './db.server'
import { IdempotencyMismatch, InvalidInput } from './errors'
import type { Transport } from './event-chain'
import { firstEvent, transact, wake } from './move.server'
import { sanitiseText } from './sanitise'

export type Created = { job: Job /** False where the same key and body had made it already. */; isNew: boolean }

export type CreateOptions = {
  transport: Extract<Transport, 'browser' | 'api'>
  /** The same key and body make one job, however often they are sent. */
  idempotencyKey: string | null
  /** What is compared where the key comes again, in place of the asking: where that holds ids that are new each time. */
  sameAs?: string
  now?: Date
}

/**
 * Makes a job for `actor` and wakes the engine.
 * @throws {InvalidInput} pointing at each part that cannot be used; nothing was stored.
 * @throws {IdempotencyMismatch} when the key came before with another body.
 */
export async function createJob(db: Db, actor: Actor, ask: CreateJob, options: CreateOptions): Promise<Created> {
  const now = options.now ?? new Date()
  const bodySha256 = createHash('sha256')
    .update(options.sameAs ?? JSON.stringify(ask))
    .digest('hex')
  const owner = actor.apiKeyId === null ? `user:${actor.userId}` : `key:${actor.apiKeyId}`
  return transact(db, async (tx) => {
    const jobId = uuidv7()
    if (options.idempotencyKey !== null) {
      const key = { owner, key: sanitiseText(options.idempotencyKey) }
      // The row is taken first: a second request with the same key waits here until the first has committed.
      const taken = await tx.idempotencyKey.createMany({ data: [{ ...key, bodySha256, jobId }], skipDuplicates: true })
      if (taken.count === 0) return earlier(tx, key, bodySha256)
    }
    return { job: await insertJob(tx, actor, ask, { jobId, now, transport: options.transport }), isNew: true }
  })
}

async function earlier(tx: Tx, key: { owner: string; key: string }, bodySha256: string): Promise<Created> {
  const before = await tx.idempotencyKey.findUniqueOrThrow({ where: { owner_key: key } })
  if (before.bodySha256 !== bodySha256) {
    throw new IdempotencyMismatch('This Idempotency-Key came before with another body. Use a new key for a new job.')
  }
  return { job: await tx.job.findUniqueOrThrow({ where: { id: before.jobId } }), isNew: false }
}

async function insertJob(
  tx: Tx,
  actor: Actor,
  ask: CreateJob,
  { jobId, now, transport }: { jobId: string; now: Date; transport: Transport },
): Promise<Job> {
  const workflow = await tx.workflow.findUnique({ where: { key: sanitiseText(ask.workflow) } })
  if (workflow !== null && workflow.retiredAt !== null) {
    const detail = `The workflow "${workflow.key}" is retired: no new jobs start with it. Choose another, or ask a lead to bring it back.`
    throw new InvalidInput(detail, [{ pointer: '/workflow', detail }])
  }
  if (workflow === null) {
    throw new InvalidInput(`There is no workflow "${ask.workflow}".`, [
      { pointer: '/workflow', detail: 'Choose one of the workflows that are offered.' },
    ])
  }
  await refuseWhileDrained(tx, workflow.key)
  const version = await tx.workflowVersion.findUniqueOrThrow({
    where: { key_version: { key: workflow.key, version: workflow.currentVersion } },
  })
  const definition = definitionOf(version)
  const errors = validateInput(definition, ask.input)
  const due = dueAtOf(ask, definition, now)
  if (due.error !== null) errors.push(due.error)
  const documents = await gatherDocuments(tx, actor, ask)
  errors.push(...documents.errors, ...countErrors(definition, documents.found.length))
  const tooLong = inputTooLong(definition, ask.input, documents.found)
  if (tooLong !== null) errors.push({ pointer: '/documents', detail: tooLong })
  else {
    const tooDear = await refuseAtCreate(tx, definition, { characters: lengthOf(ask.input, documents.found), now })
    if (tooDear !== null) errors.push({ pointer: '/workflow', detail: tooDear })
  }
  if (errors.length > 0) throw new InvalidInput(errors.map((error) => error.detail).join(' '), errors)

  const inputSha256 = await putBlob(tx, new TextEncoder().encode(JSON.stringify(ask.input)))
  const dueAt = due.at
  const event = firstEvent(jobId, {
    v: 1,
    command: 'create',
    from: null,
    to: 'queued',
    at: now.toISOString(),
    actor: actorOf(actor),
    transport,
    dueAt: dueAt.toISOString(),
    settledAt: null,
    input: inputSha256,
  })
  const next = nextActionOf({ state: 'queued', round: null, dueAt, notBefore: null }, now)
  const job = await tx.job.create({
    data: {
      id: jobId,
      workflowVersionId: version.id,
      workflowKey: workflow.key,
      title: sanitiseText(ask.title || titleOf(definition, ask, documents.found)),
      reference: ask.reference ? sanitiseText(ask.reference) : null,
      requesterId: actor.userId,
      requesterKeyId: actor.apiKeyId,
      priority: ask.priority ?? 0,
      createdAt: now,
      state: 'queued',
      version: 1,
      headHash: event.hash,
      lastCommand: 'create',
      changedAt: now,
      dueAt,
      clockAt: now,
      inputSha256,
      // "As usual", but in a time of its own, is a rehearsal too.
      rehearsal: ask.rehearsal?.behaviour === 'none' && ask.rehearsal.seconds === undefined ? undefined : ask.rehearsal,
      nextKind: next.kind,
      nextDueAt: next.dueAt,
      nextRank: next.rank,
      documents: { create: documents.found.map((document, position) => ({ position, documentId: document.id })) },
    },
  })
  await tx.event.create({
    data: {
      jobId,
      seq: 1,
      at: now,
      command: 'create',
      fromState: null,
      toState: 'queued',
      actorKind: actorOf(actor).kind,
      actorId: actorOf(actor).id,
      transport,
      ...event,
    },
  })
  await wake(tx, jobId, now)
  return job
}

function dueAtOf(
  ask: CreateJob,
  definition: WorkflowDefinition,
  now: Date,
): { at: Date; error: { pointer: string; detail: string } | null } {
  const standard = new Date(now.getTime() + definition.limits.deadlineMinutes * 60_000)
  if (ask.dueAt === undefined) return { at: standard, error: null }
  const at = new Date(ask.dueAt)
  if (at > now) return { at, error: null }
  return { at: standard, error: { pointer: '/dueAt', detail: 'The due time has passed already. Choose a later one.' } }
}

type FoundDocument = { id: string; name: string; characters: number }

async function gatherDocuments(
  tx: Tx,
  actor: Actor,
  ask: CreateJob,
): Promise<{ found: FoundDocument[]; errors: { pointer: string; detail: string }[] }> {
  const errors: { pointer: string; detail: string }[] = []
  const found: FoundDocument[] = []
  const ids = [...new Set(ask.documentIds ?? [])]
  const stored = await tx.document.findMany({ where: { id: { in: ids } } })
  for (const [index, id] of ids.entries()) {
    const document = stored.find((candidate) => candidate.id === id)
    const isTheirs = document !== undefined && document.uploadedBy === uploaderOf(actor)
    if (isTheirs) found.push(document)
    else
      errors.push({
        pointer: `/documentIds/${index}`,
        detail: 'This document is not among your uploads. Upload it again.',
      })
  }
  for (const [index, { name, text }] of (ask.documents ?? []).entries()) {
    if (text.trim() === '') {
      errors.push({
        pointer: `/documents/${index}/text`,
        detail: `"${name}" is empty. Give its text, or leave it out.`,
      })
      continue
    }
    const bytes = new TextEncoder().encode(text)
    const pages = [{ page: 1, text: new TextDecoder().decode(bytes) }]
    const extracted = { mediaType: 'text/plain', pages, characters: text.length }
    found.push(await saveDocument(tx, { name, bytes, extracted, uploadedBy: uploaderOf(actor) }))
  }
  return { found, errors }
}

/** In UTF-16 units: what the request is made of. */
function lengthOf(input: Record<string, unknown>, documents: readonly { characters: number }[]): number {
  return documents.reduce((sum, document) => sum + document.characters, JSON.stringify(input).length)
}

function countErrors(definition: WorkflowDefinition, count: number): { pointer: string; detail: string }[] {
  const { min, max } = definition.documents
  if (count < min) {
    const wanted = min === 1 ? 'at least one document' : `at least ${min} documents`
    return [{ pointer: '/documents', detail: `${definition.name} needs ${wanted}. Add ${min === 1 ? 'one' : 'them'}.` }]
  }
  if (count > max) {
    return [{ pointer: '/documents', detail: `${definition.name} takes at most ${max} documents; there are ${count}.` }]
  }
  return []
}

/** A title for a job that was given none: its first line of input, else its first document. */
function titleOf(definition: WorkflowDefinition, ask: CreateJob, documents: FoundDocument[]): string {
  const first = Object.values(ask.input).find(
    (value): value is string => typeof value === 'string' && value.trim() !== '',
  )
  const line = first?.trim().split('\n')[0] ?? ''
  if (definition.kind === 'report' && line !== '') return line.slice(0, 120)
  const names = documents.map((document) => document.name)
  if (names.length > 0)
    return `${definition.name} of ${names[0]}${names.length > 1 ? ` and ${names.length - 1} more` : ''}`
  return line === '' ? definition.name : line.slice(0, 120)
}
