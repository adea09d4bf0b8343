import { execFile } from 'node:child_process'
import { createHash, createPrivateKey, sign } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { unzipSync, zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '@/lib/access/actor'
import type { Job } from '@/lib/generated/prisma/client'
import { giveCommand } from '@/lib/store/command.server'
import { type TestDatabase, testDatabase } from '@/lib/testing/database'
import { accepted, completed, reportJob, testEngine } from '@/lib/testing/engine'
import { currentHash } from '@/lib/testing/histories'
import { person } from '@/lib/testing/people'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { anchorWhatChanged, rotateAnchorKey } from './anchor.server'
import { type CaseAnchor, caseSizes, contentReader, gatherCase, noteTaking } from './case-file.server'
import { checkCaseFile } from './case-file-check'
import { type CaseManifest, manifestText } from './case-format'
import { caseHtml } from './case-html.server'
import { caseZip } from './case-zip.server'
import { anchorHash, handOver, keyIdOf, newKey, parseAnchor, signAnchor } from './formats'
import { keptKey } from './keys.server'
import { queryOf, queryOfTx } from './query.server'
import { verifyStore } from './verify-store.server'

const SCRIPT = '<script>alert(1)</script><img src=x onerror=alert(2)>'
const TURNED = 'paid \u202e001 ton\u202c'
/** As much as a workflow takes: it comes in portions. */
const LONG = 'The tenant pays on the third working day. '.repeat(8_000)

const HOSTILE = JSON.stringify({
  title: SCRIPT,
  summary: `${TURNED} ${'x'.repeat(1_000)}`,
  findings: [{ claim: SCRIPT, citations: [{ document: 'd1', quote: `${SCRIPT} third working day` }] }],
  open_questions: [TURNED],
})

let store: TestDatabase
let owner: Actor & { userId: string }
let job: Job

beforeAll(async () => {
  store = await testDatabase()
  const { db } = store
  await publishBuiltins(db)
  owner = await person(db, ['owner'], `Dana ${SCRIPT}`)
  const engine = await testEngine(db)
  job = await reportJob(db, owner, {
    title: `Rent ${SCRIPT} ${TURNED}`,
    documents: [
      { name: `../../etc/${SCRIPT}.md`, text: `${SCRIPT}\n${TURNED}` },
      { name: 'lease.txt', text: LONG },
    ],
  })
  engine.provider.onCreate = [
    (request) => ({
      ...accepted(''),
      kind: 'accepted',
      seen: completed(`resp_${request.metadata.attempt_id}`, HOSTILE),
    }),
  ]
  await engine.step(job.id)
  await anchorWhatChanged(db, () => new Date())
  await rotateAnchorKey(db, new Date(Date.now() + 1_000))
  const ask = {
    command: 'approve',
    resultHash: await currentHash(db, job.id),
    note: SCRIPT,
    params: { reason: 'known' },
  }
  await giveCommand(db, owner, job.id, ask, 'api')
  await anchorWhatChanged(db, () => new Date())
})
afterAll(() => store[Symbol.asyncDispose]())

async function zipOf(actor = owner): Promise<Buffer> {
  const { db } = store
  const file = await gatherCase(db, actor, job.id)
  const parts: Uint8Array[] = []
  for await (const part of caseZip(file, { read: contentReader(db), key: await keptKey(queryOfTx(db)) }))
    parts.push(part)
  return Buffer.concat(parts)
}

async function htmlOf(): Promise<string> {
  const file = await gatherCase(store.db, owner, job.id)
  let page = ''
  for await (const part of caseHtml(file, contentReader(store.db))) page += part
  return page
}

const publicKey = async () => (await keptKey(queryOfTx(store.db)))?.publicKey ?? ''

describe('the ZIP of a case file', () => {
  test('is the same bytes each time, and holds by itself', async () => {
    const [zip, again] = [await zipOf(), await zipOf()]
    expect(again.equals(zip)).toBe(true)
    const checked = checkCaseFile(zip, await publicKey())
    expect(checked.found).toEqual([])
    expect(checked.summary.join(' ')).toContain('has all of it, signed')
    expect(checked.summary.join(' ')).toContain('with the key that was given')
  })

  test('unpacks to names that lead nowhere else', async () => {
    const names = Object.keys(unzipSync(await zipOf()))
    expect(names).toContain('documents/02-lease.txt')
    for (const name of names) expect(name).toMatch(/^(?!.*\.\.\/)[\p{L}\p{N}][\p{L}\p{N}./_-]*$/u)
  })

  test.each<[what: string, change: (files: Record<string, Uint8Array>) => void]>([
    [
      'a byte of a document',
      (files) => edit(files, 'documents/02-lease.txt', (text) => text.replace('third', 'fifth')),
    ],
    ['the title, for reading', (files) => edit(files, 'job.json', (text) => text.replace('Rent', 'Bent'))],
    ['a decision, for reading', (files) => edit(files, 'reviews.json', (text) => text.replace('approve', 'abandon'))],
    ['an event', (files) => edit(files, 'events.jsonl', (text) => text.replace('"approve', '"abandon'))],
    ['the last event, cut off', (files) => edit(files, 'events.jsonl', (text) => text.replace(/[^\n]+\n$/, ''))],
    ['a record', (files) => edit(files, 'records.jsonl', (text) => text.replace('lease.txt', 'lessee.txt'))],
    [
      'an anchor, left out',
      (files) => edit(files, 'anchors.json', (text) => JSON.stringify((JSON.parse(text) as unknown[]).slice(1))),
    ],
    ['a file, left out', (files) => delete files['attempts/1/answer.json']],
    ['a file, added', (files) => (files['documents/03-more.txt'] = Buffer.from('more'))],
    [
      'the signature',
      (files) => edit(files, 'manifest.signature.json', (text) => text.replace(/"signature": "./, '"signature": "#')),
    ],
  ])('shows that somebody changed %s', async (_what, change) => {
    const files = { ...unzipSync(await zipOf()) }
    change(files)
    expect(checkCaseFile(zipSync(files), await publicKey()).found).not.toEqual([])
  })

  test('is not believed where it is signed with another key', async () => {
    expect(checkCaseFile(await zipOf(), newKey().publicKey).found.map(({ code }) => code)).toContain('key_not_trusted')
  })

  test('is believed by the key in use, and by one that came before it', async () => {
    const [first] = await store.db.anchorKey.findMany({ orderBy: { createdAt: 'asc' } })
    expect(checkCaseFile(await zipOf(), first?.publicKey ?? '').found).toEqual([])
  })

  test('is not believed where everything is signed with a key that says it handed over to the one that was given', async () => {
    const files: Record<string, Uint8Array> = { ...unzipSync(await zipOf()) }
    edit(files, 'reviews.json', (text) => text.replace('approve', 'abandon'))
    forge(files, await publicKey())
    const believed = checkCaseFile(zipSync(files), null)
    expect(believed.found).toEqual([])
    const checked = checkCaseFile(zipSync(files), await publicKey())
    expect(checked.found.map(({ code }) => code)).toContain('key_not_trusted')
    expect(checked.summary.join(' ')).toContain('Nothing in it is proven by the key that was given.')
  })

  test.each<[what: string, change: (files: Record<string, Uint8Array>) => void, codes: string[]]>([
    ['its signature', () => {}, ['anchor_not_signed']],
    [
      'its signature, and a decision for reading',
      (files) => edit(files, 'reviews.json', (text) => text.replace('approve', 'abandon')),
      ['anchor_not_signed'],
    ],
    [
      'its signature, its keys and its anchors',
      (files) => {
        files['keys.json'] = Buffer.from('[]')
        files['anchors.json'] = Buffer.from('[]')
      },
      ['key_not_trusted', 'anchor_not_signed'],
    ],
  ])('shows with the key that somebody took out %s, and made the list fit', async (_what, change, codes) => {
    const files: Record<string, Uint8Array> = { ...unzipSync(await zipOf()) }
    change(files)
    seal(files, null)
    const checked = checkCaseFile(zipSync(files), await publicKey())
    expect(checked.found.map(({ code }) => code)).toEqual(expect.arrayContaining(codes))
    const believed = checkCaseFile(zipSync(files), null)
    expect(believed.found.map(({ code }) => code)).toEqual(codes.length > 1 ? [] : codes)
    expect(believed.summary.at(-1)).not.toBe('Nothing is wrong.')
  })

  test.each<[what: string, sentence: string, change: (zip: Buffer) => Buffer]>([
    ['a name twice', 'It has a file twice: job.json.', (zip) => renamed(zip, 'calls.json', 'job.json')],
    ['a name that the language keeps', 'leads elsewhere: __proto__', (zip) => renamed(zip, 'calls.json', '__proto__')],
    [
      'a name that leads out of its folder',
      'leads elsewhere: ../calls.json',
      (zip) => renamed(zip, 'calls.json', '../calls.json'),
    ],
    ['a name from the root', 'leads elsewhere: /calls.json', (zip) => renamed(zip, 'calls.json', '/calls.json')],
    ['a file before it that its directory does not have', 'bytes that its own directory does not list', hiddenBefore],
    [
      'bytes behind its directory',
      'bytes that its own directory does not list',
      (zip) => Buffer.concat([zip, Buffer.from([0])]),
    ],
  ])('is refused with %s', async (_what, sentence, change) => {
    const { found } = checkCaseFile(change(await zipOf()), await publicKey())
    expect(found).toHaveLength(1)
    expect(found[0]?.sentence).toContain(sentence)
  })

  test('is signed with a key that it has, also where a new one comes while it is taken', async () => {
    const { keys, signer } = await gatherCase(store.db, owner, job.id)
    expect(keys.at(-1)?.id).toBe(signer?.id)
  })

  test('is checked by the command line in an empty folder, without a database', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdpoint-case-'))
    try {
      fs.writeFileSync(path.join(folder, 'case.zip'), await zipOf())
      fs.writeFileSync(path.join(folder, 'key.pem'), await publicKey())
      fs.writeFileSync(path.join(folder, 'broken.zip'), 'no ZIP')
      const verify = (...args: string[]) => verifyIn(folder, args)
      expect(await verify('case.zip', '--key', 'key.pem')).toMatchObject({
        code: 0,
        out: expect.stringContaining('Nothing is wrong.'),
      })
      expect(await verify('broken.zip')).toMatchObject({ code: 1, out: expect.stringContaining('It is no ZIP') })
      expect(await verify('missing.zip')).toMatchObject({
        code: 2,
        err: expect.stringContaining('There is no file missing.zip'),
      })
      expect(fs.readdirSync(folder).toSorted()).toEqual(['broken.zip', 'case.zip', 'key.pem'])
    } finally {
      fs.rmSync(folder, { recursive: true, force: true })
    }
  })
})

function edit(files: Record<string, Uint8Array>, name: string, how: (text: string) => string) {
  const before = Buffer.from(files[name] ?? '').toString('utf8')
  const after = how(before)
  expect(after).not.toBe(before)
  files[name] = Buffer.from(after)
}

/** The same ZIP with an entry more: `name` under another name. */
function renamed(zip: Buffer, name: string, other: string): Buffer {
  const files = unzipSync(zip)
  const filler = 'x'.repeat(other.length)
  const packed = Buffer.from(zipSync({ ...files, [filler]: files[name] ?? new Uint8Array() }))
  // Of one length, so that everything else stays where it is.
  return Buffer.from(packed.toString('latin1').replaceAll(filler, other), 'latin1')
}

/** Another file stands before the first, and every place that the directory names is moved by its length. */
function hiddenBefore(zip: Buffer): Buffer {
  const hidden = Buffer.from(zipSync({ 'reviews.json': Buffer.from('[]') }))
  const front = hidden.subarray(0, hidden.readUInt32LE(hidden.length - 6))
  const moved = Buffer.concat([front, zip])
  const end = moved.length - 22
  const move = (at: number) => moved.writeUInt32LE(moved.readUInt32LE(at) + front.length, at)
  move(end + 16)
  for (let at = moved.readUInt32LE(end + 16); at < end; ) {
    move(at + 42)
    at += 46 + moved.readUInt16LE(at + 28) + moved.readUInt16LE(at + 30) + moved.readUInt16LE(at + 32)
  }
  return moved
}

/** Lists the files as they are now, and signs the list; without a key nobody does. */
function seal(files: Record<string, Uint8Array>, key: { id: string; privateKey: string } | null) {
  const manifest = JSON.parse(Buffer.from(files['manifest.json'] ?? '').toString('utf8')) as CaseManifest
  delete files['manifest.json']
  delete files['manifest.signature.json']
  const entries = Object.entries(files).map(([name, bytes]) => ({
    path: name,
    size: bytes.byteLength,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }))
  const list = Buffer.from(JSON.stringify({ ...manifest, entries }))
  files['manifest.json'] = list
  if (key === null) return
  const signature = sign(null, Buffer.from(manifestText(list)), createPrivateKey(key.privateKey)).toString('base64')
  files['manifest.signature.json'] = Buffer.from(JSON.stringify({ key: key.id, signature }))
}

/** Signs all of it with a key of somebody’s own, which hands over to `publicKey`. */
function forge(files: Record<string, Uint8Array>, publicKey: string) {
  const own = newKey()
  const id = keyIdOf(own.publicKey) ?? ''
  edit(files, 'keys.json', () =>
    JSON.stringify([
      { id, publicKey: own.publicKey, previousId: null, handover: null },
      { id: keyIdOf(publicKey), publicKey, previousId: id, handover: handOver(publicKey, own.privateKey) },
    ]),
  )
  edit(files, 'anchors.json', (text) =>
    JSON.stringify(
      (JSON.parse(text) as CaseAnchor[]).map((one) => {
        const body = JSON.stringify({ ...(parseAnchor(one.anchor.body) ?? {}), key: id })
        const signature = signAnchor(body, own.privateKey)
        return { ...one, anchor: { ...one.anchor, body, hash: anchorHash(body), signature } }
      }),
    ),
  )
  seal(files, { id, privateKey: own.privateKey })
}

/** As somebody does who stands in `folder`, with nothing in their environment. */
async function verifyIn(folder: string, args: string[]): Promise<{ code: number; out: string; err: string }> {
  const root = process.cwd()
  const run = [
    '--import',
    path.join(root, 'node_modules/tsx/dist/loader.mjs'),
    path.join(root, 'lib/cli/main.ts'),
    'audit',
    'verify',
    ...args,
  ]
  const env: NodeJS.ProcessEnv = {
    NODE_ENV: 'production',
    PATH: process.env.PATH,
    TSX_TSCONFIG_PATH: path.join(root, 'tsconfig.json'),
  }
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, run, {
      cwd: folder,
      env,
    })
    return { code: 0, out: stdout, err: stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { code, out: stdout, err: stderr }
  }
}

describe('the page of a case file', () => {
  test('is the same each time, and nothing in it is what somebody wrote as markup', async () => {
    const page = await htmlOf()
    expect((await htmlOf()) === page).toBe(true)
    expect(/<script|<img|<[^>]* on\w+=/i.exec(page)?.[0]).toBeUndefined()
    expect(page.match(/&lt;script&gt;/g)?.length).toBeGreaterThan(5)
    expect(page.includes('\u202e')).toBe(false)
    expect(page.includes('<span class="hidden">U+202E</span>')).toBe(true)
  })

  test('fetches nothing and has all of a large document', async () => {
    const page = await htmlOf()
    // Not the page itself where it fails: it is long.
    const has = (pattern: RegExp) => pattern.test(page)
    expect(has(/<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-/)).toBe(true)
    expect(has(/<[^>]*\s(src|href|action)=|url\(|@import/i)).toBe(false)
    expect(page.split('The tenant pays on the third working day.').length - 1).toBeGreaterThanOrEqual(8_000)
  })

  test('is about as large as it was said to be', async () => {
    const { html, zip } = caseSizes(await gatherCase(store.db, owner, job.id))
    const page = Buffer.byteLength(await htmlOf())
    expect(page / html).toBeGreaterThan(0.7)
    expect(page / html).toBeLessThan(1.5)
    expect((await zipOf()).byteLength).toBeLessThan(zip)
  })
})

test('a case file is for those who may read the job', async () => {
  const stranger = await person(store.db, ['requester'])
  await expect(gatherCase(store.db, stranger, job.id)).rejects.toThrow('There is no such job, or you may not see it.')
  const support = await person(store.db, ['support'])
  expect((await gatherCase(store.db, support, job.number)).view.id).toBe(job.id)
})

test('that somebody took it out is kept, changes nothing of the job, and cannot be taken back', async () => {
  const { db, ownerPool } = store
  const before = await db.job.findUniqueOrThrow({ where: { id: job.id } })
  await noteTaking(db, owner, { id: crypto.randomUUID(), jobId: job.id, version: 3, format: 'zip', at: new Date() })
  expect(await db.job.findUniqueOrThrow({ where: { id: job.id } })).toEqual(before)
  await expect(ownerPool.query('DELETE FROM case_file_taking')).rejects.toThrow('history_is_append_only')
})

test('what was erased is told, and is a finding unless an event says so', async () => {
  const { db, ownerPool } = store
  const file = await gatherCase(db, owner, job.id)
  const hash = [...file.content].find(([, { path: name }]) => name === 'documents/02-lease.txt')?.[0] ?? ''
  await ownerPool.query('UPDATE blob SET erased_at = now() WHERE sha256 = $1', [hash])
  await ownerPool.query('ALTER TABLE blob_chunk DISABLE TRIGGER USER')
  await ownerPool.query('DELETE FROM blob_chunk WHERE sha256 = $1', [hash])
  const client = await ownerPool.connect()
  try {
    const codes: string[] = []
    await verifyStore(queryOf(client), { onFinding: ({ code }) => codes.push(code) })
    expect(codes).toEqual(['blob_erased'])
  } finally {
    client.release()
  }
  const checked = checkCaseFile(await zipOf(), await publicKey())
  expect(checked.found.map(({ code }) => code)).toEqual(['blob_erased'])
  expect(checked.summary.join(' ')).toContain('The bytes of 1 hash were erased')
})
