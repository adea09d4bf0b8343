/** What the routes of documents answer. */
import type { Actor } from '@/lib/access/actor'
import { can } from '@/lib/access/can'
import { sameOrigin } from '@/lib/access/same-origin'
import type { Document } from '@/lib/generated/prisma/client'
import { problem } from '@/lib/http/problem'
import type { Db } from '@/lib/store/db.server'
import { DocumentError } from './extracted'
import { documentBytes, documentPages, mayReadDocument, uploaderOf } from './store.server'
import { receiveUpload } from './upload.server'
import { documentView } from './view'

/** POST of one file: 201 with the document, or a problem that says what to do. */
export async function answerUpload(db: Db, actor: Actor | null, request: Request): Promise<Response> {
  if (actor === null) return signInFirst()
  if (actor.kind === 'person' && !sameOrigin(request)) {
    return problem(
      403,
      'cross-site',
      'Another site sent this',
      'A page of another site sent this request. Nothing was stored.',
    )
  }
  const permission = can(actor, 'create', null)
  if (!permission.allowed) return problem(403, 'forbidden', 'You may not do that', permission.why)
  try {
    const document = await receiveUpload(db, request, uploaderOf(actor))
    return Response.json(documentView(document), { status: 201, headers: { 'cache-control': 'no-store' } })
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error
    const status = error.code === 'too_large' ? 413 : 422
    return problem(status, `document-${error.code.replaceAll('_', '-')}`, 'This file cannot be used', error.message)
  }
}

/** GET of a document's text: `{ name, pages: [{ page, text }] }`. */
export async function answerText(db: Db, actor: Actor | null, id: string): Promise<Response> {
  const document = await readable(db, actor, id)
  if (document instanceof Response) return document
  const pages = await documentPages(db, document)
  if (pages === null) return erased(document)
  return Response.json({ name: document.name, pages }, { headers: { 'cache-control': 'private, no-cache' } })
}

/** GET of a document as it was uploaded: always a download, never shown by the browser as a page of this site. */
export async function answerFile(db: Db, actor: Actor | null, id: string): Promise<Response> {
  const document = await readable(db, actor, id)
  if (document instanceof Response) return document
  const bytes = await documentBytes(db, document)
  if (bytes === null) return erased(document)
  return new Response(Uint8Array.from(bytes), {
    headers: {
      'content-type': document.mediaType,
      'content-disposition': `attachment; filename="document"; filename*=UTF-8''${encodeName(document.name)}`,
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-cache',
    },
  })
}

async function readable(db: Db, actor: Actor | null, id: string): Promise<Document | Response> {
  if (actor === null) return signInFirst()
  // Those who may not read it learn no more than those who invent an id.
  if (!UUID.test(id) || !(await mayReadDocument(db, actor, id))) {
    return problem(404, 'not-found', 'Not found', 'There is no such document, or you may not see it.')
  }
  return db.document.findUniqueOrThrow({ where: { id } })
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

function signInFirst(): Response {
  const detail = 'Sign in, or send an API key as "Authorization: Bearer <key>".'
  return problem(401, 'unauthenticated', 'Who is asking?', detail, {}, { 'www-authenticate': 'Bearer' })
}

function erased(document: Document): Response {
  return problem(410, 'erased', 'Erased', `${document.name} was erased. Only its hash is kept.`)
}

/** As RFC 8187 wants it: `encodeURIComponent` leaves some marks that it does not allow. */
function encodeName(name: string): string {
  return encodeURIComponent(name).replaceAll(/['()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
}
