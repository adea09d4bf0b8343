/** Parts of a form for the tests beside this file. */
import type { DocumentView, WorkflowItem } from '@/lib/jobs/view'
import type { Upload, UploadState } from './uploads'

export const workflow: WorkflowItem = {
  key: 'report',
  name: 'Report',
  version: 1,
  description: 'Answers a question.',
  inputSchema: {
    type: 'object',
    properties: { question: { type: 'string', title: 'Question' }, audience: { type: 'string', title: 'Audience' } },
    required: ['question'],
  },
  documents: { min: 1, max: 3 },
  maxInputCharacters: 1_000,
  review: { approvals: 1, asks: 'One person' },
  leaves: null,
}

export function documentOf(name: string, characters = 100): DocumentView {
  return { id: `id of ${name}`, name, mediaType: 'text/plain', size: 10, pages: null, characters }
}

export function uploadOf(name: string, state: UploadState, size = 10): Upload {
  return { key: `key of ${name}`, name, size, state }
}

export function readyUpload(name: string, characters = 100): Upload {
  return uploadOf(name, { is: 'ready', document: documentOf(name, characters) })
}

export function refusedUpload(name: string, again = false, lost = false): Upload {
  return uploadOf(name, { is: 'refused', detail: `${name} is bad.`, again, lost })
}

/** Keys "1", "2", … */
export function countingKeys(): () => string {
  let count = 0
  return () => String(++count)
}
