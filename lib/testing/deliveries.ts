/** Accepted results that leave, and real receivers at which they arrive. */
import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Actor } from '@/lib/access/actor'
import type { SendEnvironment } from '@/lib/deliveries/send.server'
import { ownDeliverySecret } from '@/lib/deliveries/signing.server'
import { deliver } from '@/lib/engine/deliver.server'
import { env } from '@/lib/env.server'
import type { Delivery, Job } from '@/lib/generated/prisma/client'
import { readJob } from '@/lib/jobs/detail.server'
import type { GiveCommand, JobView } from '@/lib/jobs/view'
import { giveCommand } from '@/lib/store/command.server'
import type { Db } from '@/lib/store/db.server'
import { LostRace } from '@/lib/store/errors'
import { loadFacts } from '@/lib/store/facts.server'
import { parseAllowList } from '@/lib/tools/addresses'
import type { DeliveryDefinition, WorkflowDefinition } from '@/lib/workflows/definition'
import { definitionOf, publish, publishBuiltins } from '@/lib/workflows/store.server'
import { toolServer } from './calls'
import { testDatabase } from './database'
import { accepted, completed, type Engine, REPORT, reportJob, testEngine } from './engine'
import { person } from './people'

export const GRACE_SECONDS = 10

/** Where files go. It is read once a process, when the first delivery is planned; whoever writes there removes it. */
export const DELIVERY_DIR = path.join(os.tmpdir(), `holdpoint-deliveries-${process.pid}-${randomUUID()}`)
process.env.HOLDPOINT_DELIVERY_DIR = DELIVERY_DIR

export type DeliveryWorld = Awaited<ReturnType<typeof deliveryWorld>>

type Options = {
  /** What its workflow delivers. `url` is that of the receiver. Absent: the envelope, by HTTP. */
  delivery?: (url: string) => DeliveryDefinition
  review?: Partial<WorkflowDefinition['review']>
  /** The mail server; absent: letters go into a folder. */
  smtpUrl?: string
}

/** A store, an engine, a receiver on loopback, and people; a workflow `leaves` that delivers what was accepted. */
export async function deliveryWorld({ delivery, review = {}, smtpUrl }: Options = {}) {
  const [database, server] = await Promise.all([testDatabase({ max: 20 }), toolServer()])
  const { db } = database
  await publishBuiltins(db)
  await publishLeaving(db, server.url, delivery?.(server.url), { undoSeconds: GRACE_SECONDS, ...review })
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdpoint-mail-'))
  const [reviewer, support] = await Promise.all([
    person(db, ['requester', 'reviewer'], 'Dana'),
    person(db, ['support']),
  ])
  const engine = await testEngine(db)

  const aroundOf = ({ context }: Engine, over: Partial<SendEnvironment> = {}): SendEnvironment => ({
    env: { ...env(), HOLDPOINT_SMTP_URL: smtpUrl, HOLDPOINT_DATA_DIR: folder },
    readEnv: () => undefined,
    allowed: parseAllowList('127.0.0.1'),
    now: context.now,
    ownSecret: () => ownDeliverySecret(db, 'leaves'),
    ...over,
  })
  const read = async (jobId: string, actor: Actor = support): Promise<JobView> => {
    const job = await readJob(db, actor, jobId, engine.context.now())
    if (job === null) throw new Error('there is no such job')
    return job
  }
  const give = (actor: Actor, jobId: string, ask: GiveCommand) =>
    giveCommand(db, actor, jobId, ask, 'api', engine.context.now())

  return {
    db,
    databaseUrl: database.url,
    /** As the owner, who reads the wake-ups. */
    ownerPool: database.ownerPool,
    server,
    engine,
    reviewer,
    support,
    aroundOf,
    /** As `support` sees it, at the time of the engine. */
    read,
    give,
    /** A job whose report has come in. */
    ask: (text: string = REPORT) => askFor(engine, () => reportJob(db, reviewer, { workflow: 'leaves' }), text),
    /** Approves what waits, as it is read. */
    approve: async (jobId: string, actor: Actor = reviewer) => {
      const { result, reviews } = await read(jobId, actor)
      const deliveryHash = reviews.at(-1)?.delivery?.hash
      return give(actor, jobId, { command: 'approve', resultHash: result?.hash, deliveryHash })
    },
    uphold: async (jobId: string) => {
      const { result } = await read(jobId)
      return give(reviewer, jobId, { command: 'uphold', note: 'It was right.', resultHash: result?.hash })
    },
    reopen: (jobId: string) => {
      const dueAt = new Date(engine.context.now().getTime() + 86_400_000).toISOString()
      return give(support, jobId, { command: 'reopen', note: 'A question came in.', params: { dueAt } })
    },
    /** What the engine does about the job's deliveries when it is woken now. */
    deliver: (jobId: string, over: Partial<SendEnvironment> = {}, by: Engine = engine) =>
      deliverOnce(by, jobId, aroundOf(by, over)),
    /** The newest delivery of the job, as it is stored. */
    delivery: (jobId: string): Promise<Delivery> =>
      db.delivery.findFirstOrThrow({ where: { jobId }, orderBy: { number: 'desc' } }),
    commands: async (jobId: string) =>
      (await db.event.findMany({ where: { jobId }, orderBy: { seq: 'asc' } })).map(({ command }) => command),
    async [Symbol.asyncDispose]() {
      await server.close()
      fs.rmSync(folder, { recursive: true, force: true })
      await database[Symbol.asyncDispose]()
    },
  }
}

/** An accepted job whose grace is over. @returns its id. */
export async function acceptedJob(w: DeliveryWorld): Promise<string> {
  const { id } = await w.ask()
  await w.approve(id)
  w.engine.pass(GRACE_SECONDS * 1_000)
  return id
}

/** The built-in report as `leaves`: one approval, by anyone, lets it leave, at once unless `review` says otherwise. */
export async function publishLeaving(
  db: Db,
  url: string,
  delivery: DeliveryDefinition = { kind: 'http', url, timeoutSeconds: 60 },
  review: Partial<WorkflowDefinition['review']> = {},
): Promise<void> {
  const { currentVersion: version } = await db.workflow.findUniqueOrThrow({ where: { key: 'report' } })
  const where = { key_version: { key: 'report', version } }
  const report = definitionOf(await db.workflowVersion.findUniqueOrThrow({ where }))
  await publish(db, {
    ...report,
    key: 'leaves',
    name: 'Leaves',
    review: { ...report.review, approvals: 1, requesterMayApprove: true, undoSeconds: 0, ...review },
    delivery,
  })
}

async function askFor({ provider, step }: Engine, create: () => Promise<Job>, text: string): Promise<Job> {
  const job = await create()
  provider.onCreate.push((request) => {
    const seen = completed(`resp_${request.metadata.attempt_id}`, text)
    return { ...accepted(seen.responseId), kind: 'accepted', seen }
  })
  return step(job.id)
}

/** Whoever loses a race has nothing to do: the winner does it. */
async function deliverOnce({ context }: Engine, jobId: string, around: SendEnvironment): Promise<void> {
  try {
    await deliver(context, await loadFacts(context.db, jobId), around)
  } catch (error) {
    if (!(error instanceof LostRace)) throw error
  }
}
