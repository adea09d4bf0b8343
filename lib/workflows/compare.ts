/** What sets two versions of a workflow apart, field by field and line by line. Pure. */
import { diffLines } from 'diff'
import { stringify } from 'yaml'
import type { WorkflowDefinition } from './definition'

/** `gap`: so many lines that are the same and are not shown. */
export type DiffLine = { kind: 'same' | 'added' | 'removed'; text: string } | { kind: 'gap'; count: number }

export type FieldChange = {
  /** `review.approvals`, `tools.issue_refund`, `output.schema`. */
  field: string
  kind: 'added' | 'removed' | 'changed'
  lines: DiffLine[]
}

/** Lines that are the same, shown on each side of a change. */
const CONTEXT = 3

/** What changes from `before` to `after`, in the order of the fields. Empty where they are the same. */
export function compareDefinitions(before: WorkflowDefinition, after: WorkflowDefinition): FieldChange[] {
  const old = fieldsOf(before)
  const current = fieldsOf(after)
  return [...new Set([...current.keys(), ...old.keys()])].flatMap((field): FieldChange[] => {
    const one = old.get(field)
    const other = current.get(field)
    if (one === other) return []
    const kind = one === undefined ? 'added' : other === undefined ? 'removed' : 'changed'
    return [{ field, kind, lines: linesOf(one ?? '', other ?? '') }]
  })
}

/** Each field as text. Groups go field by field; tools and checks by name. */
function fieldsOf(definition: WorkflowDefinition): Map<string, string> {
  const fields = new Map<string, string>()
  const add = (field: string, value: unknown) => {
    if (value !== undefined) fields.set(field, textOf(value))
  }
  for (const [field, value] of Object.entries(definition)) {
    if (field === 'tools' || field === 'checks') {
      const entries = value as { id?: string; name?: string; serverLabel?: string; type?: string }[]
      for (const entry of entries) add(`${field}.${entry.id ?? entry.name ?? entry.serverLabel ?? entry.type}`, entry)
    } else if (GROUPS.has(field) && typeof value === 'object' && value !== null) {
      for (const [inner, of] of Object.entries(value)) add(`${field}.${inner}`, of)
    } else add(field, value)
  }
  return fields
}

const GROUPS = new Set(['documents', 'output', 'evidence', 'review', 'limits', 'retry', 'budget', 'delivery'])

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  return stringify(value, { aliasDuplicateObjects: false, lineWidth: 0 }).trimEnd()
}

function linesOf(before: string, after: string): DiffLine[] {
  const lines = diffLines(ended(before), ended(after)).flatMap(({ added, removed, value }): DiffLine[] => {
    const kind = added ? 'added' : removed ? 'removed' : 'same'
    return value
      .replace(/\n$/, '')
      .split('\n')
      .map((text) => ({ kind, text }))
  })
  return folded(lines)
}

const ended = (text: string) => (text === '' ? '' : `${text}\n`)

/** `lines` without what is the same and far from any change. */
function folded(lines: readonly DiffLine[]): DiffLine[] {
  const isNear = lines.map(() => false)
  for (const [index, line] of lines.entries()) {
    if (line.kind === 'same') continue
    for (let near = index - CONTEXT; near <= index + CONTEXT; near++) if (near in isNear) isNear[near] = true
  }
  const shown: DiffLine[] = []
  for (const [index, line] of lines.entries()) {
    const last = shown.at(-1)
    if (isNear[index]) shown.push(line)
    else if (last?.kind === 'gap') last.count += 1
    else shown.push({ kind: 'gap', count: 1 })
  }
  return shown
}
