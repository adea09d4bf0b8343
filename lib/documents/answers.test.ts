import { readFile } from 'node:fs/promises'
import { v7 as uuidv7 } from 'uuid'
import { expect, test } from 'vitest'
import type { Actor } from '@/lib/access/actor'
import type { Problem } from '@/lib/jobs/view'
import type { Role } from '@/lib/lifecycle/table'
import { sha256Hex } from '@/lib/store/blobs.server'
import { createJob } from '@/lib/store/create.server'
import type { Db } from '@/lib/store/db.server'
import { testDatabase } from '@/lib/testing/database'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { answerFile, answerText, answerUpload } from './answers.server'
import { MAX_FILE_BYTES } from './extracted'
import { documentTexts } from './store.server'

async function person(db: Db, name: string, ...roles: Role[]): Promise<Actor> {
  const email = `${name.toLowerCase()}@example.com`
  const user = await db.user.create({ data: { id: uuidv7(), name, email, roles } })
  return { kind: 'person', userId: user.id, apiKeyId: null, name, email, roles }
}

function upload(name: string, body: BodyInit | null, headers: Record<string, string> = {}): Request {
  const url = `http://localhost:3000/api/v1/documents?name=${encodeURIComponent(name)}`
  return new Request(url, { method: 'POST', body, headers, duplex: 'half' } as RequestInit)
}

async function problemOf(response: Response): Promise<Problem> {
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  return (await response.json()) as Problem
}

test('a person uploads a PDF, reads its text and gets the same bytes back', async () => {
  await using database = await testDatabase()
  const { db } = database
  const rita = await person(db, 'Rita', 'requester')
  const bytes = await readFile('public/samples/lease.pdf')
  const answer = await answerUpload(db, rita, upload('Mietvertrag „Erle“.pdf', bytes))
  expect(answer.status).toBe(201)
  const document = (await answer.json()) as { id: string }
  expect(document).toMatchObject({
    name: 'Mietvertrag „Erle“.pdf',
    mediaType: 'application/pdf',
    size: bytes.length,
    pages: 3,
  })

  const text = (await (await answerText(db, rita, document.id)).json()) as { pages: unknown[] }
  expect(text).toMatchObject({ name: 'Mietvertrag „Erle“.pdf', pages: [{ page: 1 }, { page: 2 }, { page: 3 }] })

  const file = await answerFile(db, rita, document.id)
  expect(sha256Hex(new Uint8Array(await file.arrayBuffer()))).toBe(sha256Hex(bytes))
  expect(file.headers.get('content-disposition')).toBe(
    'attachment; filename="document"; filename*=UTF-8\'\'Mietvertrag%20%E2%80%9EErle%E2%80%9C.pdf',
  )
  expect(file.headers.get('x-content-type-options')).toBe('nosniff')
  expect(file.headers.get('content-security-policy')).toContain('sandbox')
})

test('a file that cannot be used is refused with its sentence, and nothing is stored', async () => {
  await using database = await testDatabase()
  const { db } = database
  const rita = await person(db, 'Rita', 'requester')
  const answer = await answerUpload(db, rita, upload('a.txt', await readFile('public/samples/lease.pdf')))
  expect(answer.status).toBe(422)
  expect(await problemOf(answer)).toMatchObject({
    type: 'urn:holdpoint:problem:document-mislabelled',
    detail: expect.stringMatching(/^a\.txt is named \.txt, but it is a PDF/),
  })
  expect(await db.document.count()).toBe(0)
  expect(await db.blob.count()).toBe(0)
})

test('a body over the limit is given up as soon as it is, whatever length it announced', async () => {
  await using database = await testDatabase()
  const rita = await person(database.db, 'Rita', 'requester')
  let sent = 0
  let cancelled = false
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 1024 * 1024
      controller.enqueue(new Uint8Array(1024 * 1024).fill(0x61))
    },
    cancel() {
      cancelled = true
    },
  })
  const answer = await answerUpload(database.db, rita, upload('endless.txt', endless))
  expect(answer.status).toBe(413)
  expect((await problemOf(answer)).detail).toContain('endless.txt is larger than 20 MB')
  expect(sent).toBeLessThan(MAX_FILE_BYTES + 4 * 1024 * 1024)
  expect(cancelled).toBe(true)
})

test('nobody uploads without saying who they are, without the role, or from another site', async () => {
  await using database = await testDatabase()
  const { db } = database
  expect((await answerUpload(db, null, upload('a.txt', 'hello'))).status).toBe(401)
  const rob = await person(db, 'Rob', 'reviewer')
  expect((await answerUpload(db, rob, upload('a.txt', 'hello'))).status).toBe(403)
  const rita = await person(db, 'Rita', 'requester')
  const fromElsewhere = upload('a.txt', 'hello', { 'sec-fetch-site': 'cross-site' })
  expect((await answerUpload(db, rita, fromElsewhere)).status).toBe(403)
  expect(await db.document.count()).toBe(0)
})

test('a document is for who uploaded it and, once a job uses it, for those who may read the job', async () => {
  await using database = await testDatabase()
  const { db } = database
  await publishBuiltins(db)
  const rita = await person(db, 'Rita', 'requester')
  const ruth = await person(db, 'Ruth', 'requester')
  const rob = await person(db, 'Rob', 'reviewer')
  const { id } = (await (await answerUpload(db, rita, upload('a.txt', 'The rent is due.'))).json()) as { id: string }
  const statuses = async () => {
    const answers = [rita, ruth, rob, null].map(async (actor) => (await answerText(db, actor, id)).status)
    return Promise.all(answers)
  }
  expect(await statuses()).toEqual([200, 404, 404, 401])
  const ask = { workflow: 'report', input: { question: 'When?' }, documentIds: [id] }
  const { job } = await createJob(db, rita, ask, { transport: 'browser', idempotencyKey: null })
  expect(await statuses()).toEqual([200, 404, 200, 401])
  expect((await answerFile(db, ruth, id)).status).toBe(404)
  expect(await documentTexts(db, job.id)).toEqual([
    { id, name: 'a.txt', pages: [{ page: 1, text: 'The rent is due.' }] },
  ])
})

test('an invented id and an id that is none are answered alike', async () => {
  await using database = await testDatabase()
  const rob = await person(database.db, 'Rob', 'reviewer')
  expect((await answerText(database.db, rob, uuidv7())).status).toBe(404)
  expect((await answerText(database.db, rob, 'x')).status).toBe(404)
})

test('an erased document is gone, not missing', async () => {
  await using database = await testDatabase()
  const { db } = database
  const rita = await person(db, 'Rita', 'requester')
  const { id } = (await (await answerUpload(db, rita, upload('a.txt', 'secret'))).json()) as { id: string }
  await database.ownerPool.query('UPDATE blob SET erased_at = now()')
  expect((await answerText(db, rita, id)).status).toBe(410)
  expect((await answerFile(db, rita, id)).status).toBe(410)
})
