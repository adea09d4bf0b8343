/** The documents of a form on their way to the server. Pure: what happens comes in, the list goes out. */
import { MAX_FILE_BYTES } from '@/lib/documents/extracted'
import type { DocumentView } from '@/lib/jobs/view'

/** A job takes no more, whatever its workflow says. */
export const MAX_DOCUMENTS = 50

/** Browsers open six connections to a host: half of them stay free for the rest of the page. */
const AT_ONCE = 3

export type UploadState =
  | { is: 'waiting' }
  /** `sent`: bytes that left this browser. */
  | { is: 'sending'; sent: number }
  /** All of it is with the server, which reads its text. */
  | { is: 'reading' }
  | { is: 'ready'; document: DocumentView }
  /** `again`: trying again may help. `lost`: only the connection failed. */
  | { is: 'refused'; detail: string; again: boolean; lost: boolean }

export type Upload = { key: string; name: string /** Bytes. */; size: number; state: UploadState }

export type UploadAction =
  | { type: 'added'; uploads: Upload[] }
  | { type: 'started' | 'sentAll' | 'retried'; key: string }
  | { type: 'removed'; key: string }
  | { type: 'progressed'; key: string; sent: number }
  | { type: 'readied'; key: string; document: DocumentView }
  | { type: 'refused'; key: string; detail: string; again: boolean; lost: boolean }
  | { type: 'reconnected' }
  /** In place of whatever is there. */
  | { type: 'restored'; uploads: readonly Upload[] }

/** The list after `action`. What is said of an upload that was removed meanwhile changes nothing. */
export function reduceUploads(uploads: readonly Upload[], action: UploadAction): readonly Upload[] {
  switch (action.type) {
    case 'added':
      return [...superseded(uploads, action.uploads), ...action.uploads]
    case 'restored':
      return action.uploads
    case 'removed':
      return uploads.filter((upload) => upload.key !== action.key)
    case 'reconnected':
      return uploads.map((upload) =>
        upload.state.is === 'refused' && upload.state.lost ? { ...upload, state: { is: 'waiting' } } : upload,
      )
    default: {
      const state = stateAfter(action)
      return uploads.map((upload) => (upload.key === action.key ? { ...upload, state } : upload))
    }
  }
}

/** A file added again, mended, takes the place of the one that was refused. */
function superseded(uploads: readonly Upload[], by: readonly Pick<Upload, 'name'>[]): Upload[] {
  const names = new Set(by.map(({ name }) => name))
  return uploads.filter(({ name, state }) => state.is !== 'refused' || !names.has(name))
}

type StateAction = Exclude<UploadAction, { type: 'added' | 'restored' | 'removed' | 'reconnected' }>

function stateAfter(action: StateAction): UploadState {
  switch (action.type) {
    case 'started':
      return { is: 'sending', sent: 0 }
    case 'progressed':
      return { is: 'sending', sent: action.sent }
    case 'sentAll':
      return { is: 'reading' }
    case 'retried':
      return { is: 'waiting' }
    case 'readied':
      return { is: 'ready', document: action.document }
    case 'refused':
      return { is: 'refused', detail: action.detail, again: action.again, lost: action.lost }
  }
}

const isOnItsWay = ({ state }: Upload) => state.is === 'sending' || state.is === 'reading'

/** Which of those that wait may start now. */
export function nextToSend(uploads: readonly Upload[]): string[] {
  const free = AT_ONCE - uploads.filter(isOnItsWay).length
  const waiting = uploads.filter((upload) => upload.state.is === 'waiting')
  return waiting.slice(0, Math.max(0, free)).map((upload) => upload.key)
}

/** Those whose answer has not come. */
export function unfinished(uploads: readonly Upload[]): Upload[] {
  return uploads.filter((upload) => upload.state.is === 'waiting' || isOnItsWay(upload))
}

export type ReadyUpload = Upload & { state: { is: 'ready' } }

/** Those that a job can use, in the order of the list. */
export function ready(uploads: readonly Upload[]): ReadyUpload[] {
  return uploads.filter((upload): upload is ReadyUpload => upload.state.is === 'ready')
}

/** Those that cannot be used as they are. */
export function refused(uploads: readonly Upload[]): Upload[] {
  return uploads.filter((upload) => upload.state.is === 'refused')
}

type Offered = { name: string; size: number }
export type Admission<File extends Offered> = {
  taken: { file: File; upload: Upload }[]
  /** A sentence about each group of files that was not taken. */
  notes: string[]
}

/**
 * Which of `files` join the list. Too large ones do, refused, so that nobody misses them and nobody waits for 2 GB; what
 * is there already does not, nor what no job takes any more.
 * @param newKey gives a new key each time
 */
export function admit<File extends Offered>(
  uploads: readonly Upload[],
  files: readonly File[],
  newKey: () => string,
): Admission<File> {
  const staying = superseded(uploads, files).length
  const taken: Admission<File>['taken'] = []
  const known = new Set(uploads.filter(({ state }) => state.is !== 'refused').map(identity))
  const twice: string[] = []
  const tooMany: string[] = []
  for (const file of files) {
    if (known.has(identity(file))) {
      twice.push(file.name)
    } else if (staying + taken.length >= MAX_DOCUMENTS) {
      tooMany.push(file.name)
    } else {
      known.add(identity(file))
      taken.push({ file, upload: { key: newKey(), name: file.name, size: file.size, state: startOf(file) } })
    }
  }
  const notes: string[] = []
  if (twice.length > 0) notes.push(`${listed(twice)} ${twice.length === 1 ? 'is' : 'are'} in the list already.`)
  if (tooMany.length > 0) {
    notes.push(`A job takes at most ${MAX_DOCUMENTS} documents. Not added: ${listed(tooMany)}.`)
  }
  return { taken, notes }
}

const identity = ({ name, size }: Offered) => `${size} ${name}`

function startOf({ name, size }: Offered): UploadState {
  if (size <= MAX_FILE_BYTES) return { is: 'waiting' }
  const detail = `${name} has ${fileSize(size)}, and a file may have at most ${fileSize(MAX_FILE_BYTES)}. Split it, or add the part that matters.`
  return { is: 'refused', detail, again: false, lost: false }
}

const SHOWN_NAMES = 3

/** Names as words, the rest of a long list counted. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN_NAMES)
  const rest = names.length - shown.length
  return new Intl.ListFormat('en').format(rest > 0 ? [...shown, `${rest} more`] : shown)
}

const oneDigit = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })

/** A size in bytes as people write it: "512 bytes", "48.2 KB", "20 MB". */
export function fileSize(bytes: number): string {
  if (bytes < 1024) return bytes === 1 ? '1 byte' : `${bytes} bytes`
  if (bytes < 1024 * 1024) return `${oneDigit.format(bytes / 1024)} KB`
  return `${oneDigit.format(bytes / (1024 * 1024))} MB`
}

/** `name` as a text file that no other has: "Notes.txt", then "Notes 2.txt". */
export function textFileName(name: string, uploads: readonly Upload[]): string {
  const plain = name.trim().replace(/\.txt$/i, '') || 'Pasted text'
  const taken = new Set(uploads.map((upload) => upload.name))
  let candidate = `${plain}.txt`
  for (let count = 2; taken.has(candidate); count++) candidate = `${plain} ${count}.txt`
  return candidate
}
