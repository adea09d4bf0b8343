'use client'
import { useMemo } from 'react'
import { FieldChanges } from '@/components/compare/field-changes'
import { TextDiff } from '@/components/compare/text-diff'
import { compareJson, type JsonDiff } from '@/lib/compare/json'
import { readableText } from '@/lib/compare/outline'
import type { ResultView } from '@/lib/jobs/view'

export type RevisionDiffProps = {
  /** The exact text of the model's answer. */
  before: string
  /** The exact text as a person left it. */
  after: string
  /** Of the result: prose is read as one text, all else field by field. */
  kind: ResultView['kind']
  names?: { before: string; after: string }
  /** `auto`: beside each other on a wide page. `inline`, where it stands in a narrow place. */
  layout?: 'auto' | 'inline'
}

const NAMES = { before: 'As the model wrote it', after: 'As it was edited' }

/** What a person changed in a result: field by field where it is JSON, and word by word. To be read, not edited. */
export function RevisionDiff({ before, after, kind, names = NAMES, layout = 'inline' }: RevisionDiffProps) {
  const fields = useMemo(() => fieldDiff(before, after), [before, after])
  if (before === after) return <p className="text-muted">Nothing was changed.</p>
  if (fields?.changes.length === 0) {
    return <p className="text-muted">Only white space, or the order of fields, was changed. It says the same.</p>
  }
  const one = readableText(before)
  const other = readableText(after)
  const isOutline = one.isOutline && other.isOutline
  const text = (
    <TextDiff
      before={isOutline ? one.text : before}
      after={isOutline ? other.text : after}
      names={names}
      layout={layout}
    />
  )
  if (fields === null || kind === 'draft') return text
  return (
    <div className="flex flex-col gap-3">
      <FieldChanges diff={fields} names={names} />
      <details>
        <summary className="w-fit cursor-pointer text-sm text-muted hover:text-ink">All of it, word by word</summary>
        <div className="pt-2">{text}</div>
      </details>
    </div>
  )
}

/** The fields that differ; null where not both texts are JSON. */
export function fieldDiff(before: string, after: string): JsonDiff | null {
  try {
    return compareJson(JSON.parse(before), JSON.parse(after))
  } catch {
    // Prose, or JSON that is being typed.
    return null
  }
}

/** "3 fields changed"; "The text is another" where it is no JSON. */
export function changeWords(before: string, after: string): string {
  const fields = fieldDiff(before, after)
  if (fields === null) return 'The text was changed'
  const { length } = fields.changes
  if (length === 0) return 'Only white space or the order of fields was changed'
  return `${fields.isWhole ? '' : 'More than '}${length.toLocaleString('en')} ${length === 1 ? 'field' : 'fields'} changed`
}
