/** What the desk reads beside the job: what it can be decided with, and what exactly would leave. */
import type { Actor } from '@/lib/access/actor'
import { hasRole, mayRead } from '@/lib/access/can'
import { readableBytes } from '@/lib/deliveries/readable'
import { findJobId } from '@/lib/jobs/detail.server'
import type { Role } from '@/lib/lifecycle/table'
import { type MailEnvironment, mailSetUp } from '@/lib/mail/set-up'
import { readBlob } from '@/lib/store/blobs.server'
import type { Tx } from '@/lib/store/db.server'
import { definitionOf } from '@/lib/workflows/store.server'
import type { DeskView, LeavingView } from './desk-view'
import { listReasons } from './reasons.server'
import { listNotes } from './saved-notes.server'

/** @param key the job's id or number. @returns null where `actor` may see no such job. */
export async function readDesk(tx: Tx, actor: Actor, key: string): Promise<DeskView | null> {
  const id = await findJobId(tx, actor, key)
  if (id === null) return null
  const [job, reasons, notes, users] = await Promise.all([
    tx.job.findUniqueOrThrow({ where: { id }, select: { requesterId: true, workflowVersion: true } }),
    listReasons(tx),
    actor.userId === null ? [] : listNotes(tx, actor.userId),
    tx.user.findMany({
      where: { deactivatedAt: null },
      select: { id: true, name: true, roles: true },
      orderBy: [{ name: 'asc' }, { id: 'asc' }],
    }),
  ])
  const people = users
    .map(({ id: userId, name, roles }) => ({ userId, name, roles: roles as Role[] }))
    .filter((person) => mayRead(asActor(person), job))
    .map((person) => ({
      id: person.userId,
      name: person.name,
      mayDecide: hasRole(person, 'reviewer') || hasRole(person, 'support'),
    }))
  return {
    outputSchema: definitionOf(job.workflowVersion).output.schema,
    reasons: reasons.map(({ key: reason, label, commands }) => ({ key: reason, label, commands })),
    notes,
    people,
  }
}

function asActor({ userId, name, roles }: { userId: string; name: string; roles: readonly Role[] }): Actor {
  return { kind: 'person', userId, apiKeyId: null, name, email: null, roles }
}

/**
 * The bytes of a delivery of the job, or of what its open round would let leave, by the hash of the delivery.
 * @param key the job's id or number. @returns null where there is none, or `actor` may not see it.
 */
export async function readLeaving(
  tx: Tx,
  actor: Actor,
  { key, hash }: { key: string; hash: string },
  environment: MailEnvironment,
): Promise<LeavingView | null> {
  const id = await findJobId(tx, actor, key)
  if (id === null) return null
  const found = (await ofOpenRound(tx, id, hash)) ?? (await ofDelivery(tx, id, hash))
  const bytes = found === null ? null : await readBlob(tx, found.sha256)
  if (found === null || bytes === null) return null
  const { correctsId, ...shown } = found
  return {
    ...shown,
    corrects: correctsId === null ? null : await correctedView(tx, correctsId),
    readable: readableBytes(found.kind, bytes),
    size: bytes.byteLength,
    stays: found.kind === 'email' ? whyItStays(environment) : null,
  }
}

type Found = Pick<LeavingView, 'kind' | 'destination' | 'sha256'> & { correctsId: string | null }

async function correctedView(tx: Tx, id: string): Promise<LeavingView['corrects']> {
  const { number, messageId, triedAt, changedAt } = await tx.delivery.findUniqueOrThrow({ where: { id } })
  return { number, messageId, at: (triedAt ?? changedAt).toISOString() }
}

async function ofOpenRound(tx: Tx, jobId: string, hash: string): Promise<Found | null> {
  const round = await tx.reviewRound.findFirst({ where: { jobId, closedAt: null, deliveryHash: hash } })
  if (round === null) return null
  const { deliveryKind, deliveryTo, deliverySha256, deliveryCorrects: correctsId } = round
  if (deliveryKind === null || deliveryTo === null || deliverySha256 === null) return null
  return { kind: deliveryKind as Found['kind'], destination: deliveryTo, sha256: deliverySha256, correctsId }
}

async function ofDelivery(tx: Tx, jobId: string, hash: string): Promise<Found | null> {
  const delivery = await tx.delivery.findFirst({ where: { jobId, deliveryHash: hash }, orderBy: { number: 'desc' } })
  if (delivery === null) return null
  const { kind, destination, bytesSha256, correctsId } = delivery
  return { kind: kind as Found['kind'], destination, sha256: bytesSha256, correctsId }
}

/** Whoever approves must not believe that a customer reads it tomorrow. */
function whyItStays(environment: MailEnvironment): string | null {
  const { smtp, folder } = mailSetUp(environment)
  if (smtp) return null
  return `No mail server is set up, so nothing leaves by e-mail: the letter is kept as a file in ${folder}.`
}
