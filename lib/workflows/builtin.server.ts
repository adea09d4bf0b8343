/** The workflows that every installation has from the start. A change in one of their files is a new version. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { WorkflowDefinition } from './definition'
import { problemLine, readWorkflowFile } from './file'

/** In the order in which they are offered to somebody new. */
const KEYS = ['report', 'extraction', 'digest', 'reply', 'recommendation', 'action'] as const

export type BuiltinFile = { definition: WorkflowDefinition; source: string }

let read: readonly BuiltinFile[] | undefined

/** The built-in workflows with the text of their files, which is read once. The working folder is the project's. */
export function builtinFiles(): readonly BuiltinFile[] {
  read ??= KEYS.map((key) => {
    const source = readFileSync(path.join(process.cwd(), 'lib', 'workflows', 'builtin', `${key}.yaml`), 'utf8')
    const file = readWorkflowFile(source)
    if (!file.ok) throw new Error(`${key}.yaml cannot be used.\n${file.problems.map(problemLine).join('\n')}`)
    return { definition: file.definition, source }
  })
  return read
}

/** The definitions of the built-in workflows. */
export function readBuiltins(): readonly WorkflowDefinition[] {
  return builtinFiles().map(({ definition }) => definition)
}
