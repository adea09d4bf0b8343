/** What the list in a case file is. Pure. */

export const CASE_FORMAT = 'holdpoint-case-file:1'

export type CaseManifest = {
  format: typeof CASE_FORMAT
  job: { id: string; number: number; version: number }
  /** Every file of the ZIP but the list itself and its signature. */
  entries: { path: string; size: number; sha256: string }[]
  /** Where the bytes of each hash stand that an event or a record names. */
  content: Record<string, string>
  /** Hashes that are named, and whose bytes were erased. */
  erased: string[]
}

/** What is signed of it: format and exact bytes. */
export function manifestText(bytes: Uint8Array): string {
  return `holdpoint-manifest:1\n${new TextDecoder().decode(bytes)}`
}
