'use client'
import { useMemo } from 'react'
import { JsonView } from '@/components/ui/json-view'
import { PlainText } from '@/components/ui/plain-text'
import { CodeText } from '../code-text'
import { LongText } from '../long-text'
import { Portion } from '../portion'
import { sliceText } from '../slice-text'
import { type ActionRow, exactAction, rowsOfAction } from './action-rows'
import type { ProposedAction } from './result-shapes'
import { Part, Sheet, Statements } from './sheet'

/** More of it at once says nothing to a reader. */
const PORTION = 3_000

/** What would be changed, in rows and as the JSON that it is, and what it rests on. `text`: the answer as it came. */
export function ActionDocument({ proposed, text }: { proposed: ProposedAction; text: string }) {
  const { action, why, grounds } = proposed
  const rows = useMemo(() => rowsOfAction(action), [action])
  const exact = useMemo(() => exactAction(text, action), [text, action])
  return (
    <Sheet>
      <h2 className="px-3 text-lg font-semibold">Proposed change</h2>
      {rows.length === 0 && <p className="mt-1 px-3 text-muted">It names nothing that would be changed.</p>}
      <Portion
        items={rows}
        noun="fields"
        wrap={(children) =>
          rows.length > 0 && <dl className="mx-3 mt-2 rounded-md border border-line bg-surface">{children}</dl>
        }
        draw={(row) => <Row key={row.path} row={row} />}
      />
      {why !== '' && (
        <Part title="Why">
          <LongText text={why} portion={PORTION} className="px-3 text-read" />
        </Part>
      )}
      <Part title="Grounds" count={grounds.length}>
        {grounds.length === 0 && <p className="px-3 text-muted">It names none.</p>}
        <Statements items={grounds} noun="grounds" />
      </Part>
      <Part title="The change as JSON">
        <div className="px-3">
          {exact === null ? <JsonView value={action} /> : <CodeText text={exact} portion={PORTION} />}
        </div>
      </Part>
    </Sheet>
  )
}

function Row({ row: { name, value } }: { row: ActionRow }) {
  return (
    <div className="grid gap-x-3 border-b border-line px-3 py-2 last:border-b-0 sm:grid-cols-[minmax(7rem,11rem)_1fr]">
      <dt dir="auto" className="text-muted wrap-anywhere">
        <PlainText>{sliceText(name, 300)}</PlainText>
      </dt>
      <dd dir="auto" className="min-w-0 wrap-anywhere">
        {value === null ? (
          <span className="font-medium text-attention-ink">Not stated</span>
        ) : typeof value === 'string' ? (
          <LongText text={value} portion={PORTION} />
        ) : (
          <JsonView value={value} depth={1} />
        )}
      </dd>
    </div>
  )
}
