'use client'
import { useMemo } from 'react'
import { LongText } from '@/components/job/long-text'
import { Portion } from '@/components/job/portion'
import { Badge } from '@/components/ui/badge'
import { JsonView } from '@/components/ui/json-view'
import { PlainText } from '@/components/ui/plain-text'
import { type FieldChange, type JsonDiff, pointerOf } from '@/lib/compare/json'
import { compareTexts } from '@/lib/compare/text'
import { Piece } from './piece'
import { TextDiff } from './text-diff'

/** A text longer than this is set out in lines; a shorter one stands in one paragraph. */
const LONG = 1_200

const WORDS: Record<FieldChange['kind'], string> = {
  added: 'New',
  removed: 'Gone',
  changed: 'Changed',
  moved: 'Moved',
}

/** Each field that differs: where it is, and what became of it. */
export function FieldChanges({ diff, names }: { diff: JsonDiff; names: { before: string; after: string } }) {
  return (
    <>
      <Portion
        items={diff.changes}
        noun="fields"
        wrap={(children) => <ul className="@container divide-y divide-line">{children}</ul>}
        draw={(change, index) => <Change key={index} change={change} names={names} />}
      />
      {!diff.isWhole && <p className="pt-2 text-muted">More fields than these differ. The text above has them all.</p>}
    </>
  )
}

function Change({ change, names }: { change: FieldChange; names: { before: string; after: string } }) {
  return (
    <li className="grid gap-x-6 gap-y-1 py-2.5 first:pt-0 last:pb-0 @lg:grid-cols-[minmax(8rem,14rem)_minmax(0,1fr)]">
      <div className="flex min-w-0 flex-wrap items-center gap-2 self-start">
        <Badge tone="outline">{WORDS[change.kind]}</Badge>
        <FieldName change={change} />
      </div>
      <div className="min-w-0">
        <Values change={change} names={names} />
      </div>
    </li>
  )
}

/** `findings › 3 › claim`: places in a list are counted from 1, as people do. */
function FieldName({ change: { path } }: { change: FieldChange }) {
  const words = path.map((step) => (typeof step === 'number' ? String(step + 1) : step)).join(' › ')
  return (
    <span dir="auto" title={pointerOf(path)} className="min-w-0 text-sm text-muted wrap-anywhere">
      {words === '' ? 'all of it' : <PlainText>{words}</PlainText>}
    </span>
  )
}

function Values({ change, names }: { change: FieldChange; names: { before: string; after: string } }) {
  const { kind, before, after, pathBefore } = change
  switch (kind) {
    case 'moved':
      return (
        <p className="text-muted">
          Was {ordinal(pathBefore)}, is {ordinal(change.path)}.
        </p>
      )
    case 'added':
      return <Value value={after} mark="added" />
    case 'removed':
      return <Value value={before} mark="removed" />
    default:
      if (typeof before === 'string' && typeof after === 'string') {
        return <ChangedText before={before} after={after} names={names} />
      }
      return (
        <div className="flex flex-col gap-1">
          <Value value={before} mark="removed" />
          <Value value={after} mark="added" />
        </div>
      )
  }
}

const ordinal = (path: readonly (string | number)[]) => `number ${Number(path.at(-1)) + 1}`

function ChangedText({
  before,
  after,
  names,
}: {
  before: string
  after: string
  names: { before: string; after: string }
}) {
  const isLong = before.length + after.length > LONG || before.includes('\n') || after.includes('\n')
  const segments = useMemo(() => (isLong ? [] : compareTexts(before, after).segments), [isLong, before, after])
  if (isLong) return <TextDiff before={before} after={after} names={names} layout="inline" />
  return (
    <p dir="auto" className="whitespace-pre-wrap wrap-anywhere">
      {segments.map((segment, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text, in its order
        <Piece key={index} segment={segment} />
      ))}
    </p>
  )
}

function Value({ value, mark }: { value: unknown; mark: 'added' | 'removed' }) {
  if (typeof value === 'object' && value !== null) {
    return (
      <div className={mark === 'added' ? 'border-l-2 border-success/60 pl-2' : 'border-l-2 border-danger/60 pl-2'}>
        <p className="text-xs text-faint">{mark === 'added' ? 'new' : 'gone'}</p>
        <JsonView value={value} depth={2} />
      </div>
    )
  }
  const text = value === null || value === undefined ? 'not stated' : String(value)
  if (text === '') return <p className="text-faint">{mark === 'added' ? 'now empty' : 'was empty'}</p>
  if (text.length > LONG) {
    return (
      <div className={mark === 'added' ? 'border-l-2 border-success/60 pl-2' : 'border-l-2 border-danger/60 pl-2'}>
        <p className="text-xs text-faint">{mark === 'added' ? 'new' : 'gone'}</p>
        <LongText text={text} portion={2_000} />
      </div>
    )
  }
  return (
    <p dir="auto" className="whitespace-pre-wrap wrap-anywhere">
      <Piece segment={{ kind: mark, text }} />
    </p>
  )
}
