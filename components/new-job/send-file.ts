/** Sends one file to the server. */
import type { DocumentView, Problem } from '@/lib/jobs/view'

export type Sent =
  | { ok: true; document: DocumentView }
  /** `again`: trying again may help. `lost`: no answer came. */
  | { ok: false; detail: string; again: boolean; lost: boolean }

/**
 * Uploads `file` as the document `name`. By XMLHttpRequest, which tells how much has gone.
 * @param watch.signal ends it: the promise then never settles, because nobody waits for it any more
 * @param watch.onProgress with the bytes sent so far; once with all of them
 */
export function sendFile(
  file: Blob,
  name: string,
  watch: { signal: AbortSignal; onProgress: (sent: number, isAll: boolean) => void },
): Promise<Sent> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest()
    request.open('POST', `/api/v1/documents?name=${encodeURIComponent(name)}`)
    request.responseType = 'text'
    request.setRequestHeader('content-type', file.type || 'application/octet-stream')
    request.setRequestHeader('accept', 'application/json, application/problem+json')
    request.upload.onprogress = ({ loaded }) => watch.onProgress(loaded, false)
    request.upload.onload = () => watch.onProgress(file.size, true)
    request.onload = () => resolve(readAnswer(request.status, request.responseText, name))
    request.onerror = () =>
      resolve({
        ok: false,
        detail: `${name} did not get through: the connection was lost, or the file was moved or changed on this computer.`,
        again: true,
        lost: true,
      })
    watch.signal.addEventListener('abort', () => request.abort(), { once: true })
    request.send(file)
  })
}

/** What the server's answer to an upload of `name` means. Pure. */
export function readAnswer(status: number, body: string, name: string): Sent {
  const answer = parsed(body)
  if (status === 201 && isDocument(answer)) return { ok: true, document: answer }
  if (status === 401) {
    const detail = `${name} was not added: you are signed out. Sign in again in another tab, then try again.`
    return { ok: false, detail, again: true, lost: false }
  }
  // What was wrong with the file stays wrong; what was wrong with the server may pass.
  const again = status >= 500 || status === 429 || status === 408
  const detail = (answer as Partial<Problem> | null)?.detail
  if (typeof detail === 'string' && detail !== '') return { ok: false, detail, again, lost: false }
  return { ok: false, detail: `${name} was not added: the server answered ${status}.`, again: true, lost: false }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    // A gateway's page, say: the status alone must do.
    return null
  }
}

function isDocument(answer: unknown): answer is DocumentView {
  if (typeof answer !== 'object' || answer === null) return false
  const { id, name, characters } = answer as Partial<DocumentView>
  return typeof id === 'string' && typeof name === 'string' && typeof characters === 'number'
}
