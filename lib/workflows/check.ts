import type { FieldChange } from './compare'
import type { FileProblem } from './yaml-source'

/** What publishing a file would do. */
export type FileCheck =
  | { ok: false; problems: FileProblem[] }
  | {
      ok: true
      key: string
      name: string
      /** The version that `changes` are compared with; null where the workflow is new. */
      current: number | null
      /** The number that the next version has. */
      next: number
      isRetired: boolean
      /** Empty: publishing would change nothing. Null: the workflow is new. */
      changes: FieldChange[] | null
    }
