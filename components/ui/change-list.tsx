import type { ReactNode } from 'react'
import { Panel, PanelHeader } from './panel'
import { Remark } from './remark'
import { Time } from './time'

type Change = { id: string; at: string; note: string | null }

/** What was changed, the newest first: in words, when, and why where somebody said so. */
export function ChangeList<C extends Change>(props: {
  title: string
  changes: readonly C[]
  /** The sentence of a change, without its end. */
  sentence: (change: C) => ReactNode
}) {
  const { title, changes, sentence } = props
  if (changes.length === 0) return null
  return (
    <Panel aria-labelledby="changes">
      <PanelHeader id="changes" title={title} />
      <ol className="divide-y divide-line">
        {changes.map((change) => (
          <li key={change.id} className="px-4 py-2.5">
            <p>
              {sentence(change)}, <Time value={change.at} className="text-muted" />.
            </p>
            {change.note !== null && <Remark className="mt-0.5">{change.note}</Remark>}
          </li>
        ))}
      </ol>
    </Panel>
  )
}
