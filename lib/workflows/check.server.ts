/** What publishing a file would do, before anybody does it. */
import type { Tx } from '@/lib/store/db.server'
import { readHistory } from './catalogue.server'
import type { FileCheck } from './check'
import { compareDefinitions } from './compare'
import { readWorkflowFile } from './file'

/** Reads the text of a file and compares it with the current version of its workflow. Changes nothing. */
export async function checkFile(tx: Tx, text: string): Promise<FileCheck> {
  const read = readWorkflowFile(text)
  if (!read.ok) return read
  const { key, name } = read.definition
  const history = await readHistory(tx, key)
  const current = history?.versions.find(({ version }) => version === history.currentVersion)
  if (history === null || current === undefined) {
    return { ok: true, key, name, current: null, next: 1, isRetired: false, changes: null }
  }
  return {
    ok: true,
    key,
    name,
    current: current.version,
    next: Math.max(...history.versions.map(({ version }) => version)) + 1,
    isRetired: history.retiredAt !== null,
    changes: compareDefinitions(current.definition, read.definition),
  }
}
