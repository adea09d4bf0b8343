import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '@/lib/access/actor'
import { giveCommand } from '@/lib/store/command.server'
import { type TestDatabase, testDatabase } from '@/lib/testing/database'
import { reportJob } from '@/lib/testing/engine'
import { rawClient } from '@/lib/testing/forge'
import { person } from '@/lib/testing/people'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { anchorWhatChanged, rotateAnchorKey } from './anchor.server'
import { parseCopies } from './check-anchors'
import { COPY_NAME, copyAnchors } from './copy.server'
import type { Finding } from './findings'
import { keyProblems, merkleProof, merkleRoot, rootByProof } from './formats'
import { publicKeys } from './keys.server'
import { queryOf } from './query.server'
import { type VerifyOptions, verifyStore } from './verify-store.server'

let store: TestDatabase
let owner: Actor
let folder: string

beforeAll(async () => {
  store = await testDatabase()
  await publishBuiltins(store.db)
  owner = await person(store.db, ['owner'])
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdpoint-anchors-'))
})
afterAll(async () => {
  await store[Symbol.asyncDispose]()
  fs.rmSync(folder, { recursive: true, force: true })
})

const now = () => new Date()
const anchor = () => anchorWhatChanged(store.db, now)
const copy = () => copyAnchors(store.db, folder, now)
const comment = (id: string, note: string) => giveCommand(store.db, owner, id, { command: 'comment', note }, 'api')
const leavesOf = (jobId: string) => store.db.anchorLeaf.findMany({ where: { jobId }, orderBy: { anchor: 'asc' } })

async function verify(options: VerifyOptions = {}): Promise<Finding[]> {
  const found: Finding[] = []
  const client = await store.ownerPool.connect()
  try {
    await verifyStore(queryOf(client), { ...options, onFinding: (finding) => found.push(finding) })
    return found
  } finally {
    client.release()
  }
}

/** What somebody who owns the database can do; put back afterwards. */
async function asOwner(statements: string[], work: () => Promise<void>): Promise<void> {
  const client = await store.ownerPool.connect()
  try {
    for (const table of ['anchor', 'anchor_leaf']) {
      await client.query(`CREATE TABLE kept_${table} AS SELECT * FROM ${table}`)
      await client.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`)
    }
    for (const statement of statements) await client.query(statement)
    await work()
  } finally {
    for (const table of ['anchor', 'anchor_leaf']) {
      await client.query(`DELETE FROM ${table}`)
      await client.query(`INSERT INTO ${table} SELECT * FROM kept_${table}`)
      await client.query(`DROP TABLE kept_${table}`)
      await client.query(`ALTER TABLE ${table} ENABLE TRIGGER USER`)
    }
    client.release()
  }
}

describe('anchors', () => {
  test('have each job that changed once, with what is new of it, and nothing where nothing changed', async () => {
    const job = await reportJob(store.db, owner)
    await comment(job.id, 'One.')
    await comment(job.id, 'Two.')
    expect(await anchor()).toBe(1)
    expect(await anchor()).toBe(0)
    const [first] = await leavesOf(job.id)
    expect(first).toMatchObject({ jobNumber: job.number, version: 3 })
    expect(first?.records).toMatch(/^asked [0-9a-f]{64}$/)
    await comment(job.id, 'Three.')
    await anchor()
    const [, second] = await leavesOf(job.id)
    expect(second).toMatchObject({ version: 4, records: '' })
    expect(await verify()).toEqual([])
  })

  test('have what commits late in the next one', async () => {
    const [early, late] = [await reportJob(store.db, owner), await reportJob(store.db, owner)]
    await anchor()
    const slow = await rawClient(store.url)
    try {
      // It takes its number first, and commits last.
      await slow.query('BEGIN')
      await slow.query('INSERT INTO anchor_pending (job_id) VALUES ($1)', [late.id])
      await comment(early.id, 'Quick.')
      expect(await anchor()).toBe(1)
      expect(await store.db.anchorPending.count()).toBe(0)
      await slow.query('COMMIT')
      expect(await store.db.anchorPending.count()).toBe(1)
    } finally {
      await slow.end()
    }
    await anchor()
    expect(await store.db.anchorPending.count()).toBe(0)
    expect((await leavesOf(early.id)).at(-1)?.version).toBe(2)
  })

  test('are neither changed nor removed by the application, nor added to', async () => {
    const client = await rawClient(store.url)
    try {
      for (const statement of [
        `UPDATE anchor SET at = now()`,
        `DELETE FROM anchor`,
        `TRUNCATE anchor`,
        `UPDATE anchor_leaf SET version = 1`,
        `DELETE FROM anchor_leaf`,
        `TRUNCATE anchor_leaf`,
        `UPDATE anchor_key SET public_key = ''`,
        `DELETE FROM anchor_key`,
      ]) {
        await expect(client.query(statement), statement).rejects.toThrow('permission denied')
        await expect(store.ownerPool.query(statement), statement).rejects.toThrow('history_is_append_only')
      }
      const add = `INSERT INTO anchor_leaf SELECT anchor, gen_random_uuid(), 0, 1, '', '' FROM anchor_leaf LIMIT 1`
      await expect(client.query(add)).rejects.toThrow('anchor_leaf_comes_with_its_anchor')
      const fork = `INSERT INTO anchor SELECT number + 7, at, prev_hash, root, leaves, key_id, body, hash, signature FROM anchor LIMIT 1`
      await expect(client.query(fork)).rejects.toThrow('anchor_continues_the_chain')
    } finally {
      await client.end()
    }
  })

  test('are signed on by a key that the one before handed over', async () => {
    const { publicKey = '' } = (await rotateAnchorKey(store.db, new Date(Date.now() + 1_000))) ?? {}
    // Nothing is signed with it yet: whoever made all there is could have handed over to it.
    const [before] = await verify({ trustedKey: publicKey })
    expect(before?.sentence).toContain('is signed with a key that does not come from the one that was given')
    await comment((await reportJob(store.db, owner)).id, 'Under the new key.')
    await anchor()
    const client = await store.ownerPool.connect()
    try {
      const keys = await publicKeys(queryOf(client))
      expect(keys).toHaveLength(2)
      expect(keyProblems(keys)).toEqual([])
      expect(keyProblems(keys.map((key) => ({ ...key, handover: keys[0]?.handover ?? null })))).not.toEqual([])
    } finally {
      client.release()
    }
    const [first] = await store.db.anchorKey.findMany({ orderBy: { createdAt: 'asc' } })
    expect(await verify({ trustedKey: first?.publicKey ?? '' })).toEqual([])
    expect(await verify({ trustedKey: publicKey })).toEqual([])
  })
})

describe('anchors that are written elsewhere', () => {
  const file = () => path.join(folder, COPY_NAME)
  const text = () => fs.readFileSync(file(), 'utf8')

  test('are appended, never written again, and go on after a line that broke off', async () => {
    await copy()
    const first = text()
    await copy()
    expect(text()).toBe(first)
    fs.appendFileSync(file(), '{"number":')
    await comment((await reportJob(store.db, owner)).id, 'After it broke off.')
    await anchor()
    await copy()
    expect(text().startsWith(`${first}{"number":\n{"number":`)).toBe(true)
    const { copies, problems } = parseCopies(text())
    expect(problems).toEqual([])
    expect(copies.size).toBe(await store.db.anchor.count())
    expect(await verify({ copies })).toEqual([])
    expect(await store.db.anchorCopy.findFirstOrThrow()).toMatchObject({ number: copies.size, problem: null })
  })

  test('show anchors that were cut off at the end with everything in them, which nothing else can', async () => {
    const { copies } = parseCopies(text())
    const { id } = await store.db.job.findFirstOrThrow({ orderBy: { number: 'desc' } })
    const last = copies.size
    const cut = [`DELETE FROM anchor WHERE number = ${last}`, `DELETE FROM anchor_leaf WHERE anchor = ${last}`]
    await asOwner(cut, async () => {
      // Nobody may wonder why it is in no anchor: it waits for the next one.
      await store.db.anchorPending.create({ data: { jobId: id } })
      expect(await verify()).toEqual([])
      expect((await verify({ copies })).map(({ code }) => code)).toEqual(['anchor_removed'])
    })
    await store.db.anchorPending.deleteMany()
  })

  test('stay as they are where the database says something else, and that is told', async () => {
    const before = text()
    const last = await store.db.anchor.findFirstOrThrow({ orderBy: { number: 'desc' } })
    await asOwner([`UPDATE anchor SET hash = repeat('f', 64) WHERE number = ${last.number}`], async () => {
      await copy()
      expect(text()).toBe(before)
      expect((await store.db.anchorCopy.findFirstOrThrow()).problem).toBe(
        `Anchor ${last.number} of the file is not the one in the database.`,
      )
      expect((await verify({ copies: parseCopies(before).copies })).map(({ code }) => code)).toContain('copy_differs')
    })
    await copy()
    expect((await store.db.anchorCopy.findFirstOrThrow()).problem).toBeNull()
  })

  test('show in themselves that a line was changed or left out', () => {
    const lines = text().trim().split('\n')
    expect(parseCopies(lines.toSpliced(1, 1).join('\n')).problems).not.toEqual([])
    expect(parseCopies(text().replace('"leaves\\":1', '"leaves\\":2')).problems).not.toEqual([])
  })
})

test('every leaf of a tree of any size leads to its root, and no other text does', () => {
  for (const count of [1, 2, 3, 5, 8, 13]) {
    const texts = Array.from({ length: count }, (_, index) => `leaf ${index}`)
    const root = merkleRoot(texts)
    for (const [index, text] of texts.entries()) {
      const proof = merkleProof(texts, index)
      expect(rootByProof(text, { index, count, proof })).toBe(root)
      expect(rootByProof(`${text}.`, { index, count, proof })).not.toBe(root)
      if (count > 1) expect(rootByProof(text, { index: (index + 1) % count, count, proof })).not.toBe(root)
      expect(rootByProof(text, { index, count, proof: [...proof, root] })).toBeNull()
    }
  }
})
