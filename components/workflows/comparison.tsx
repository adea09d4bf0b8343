import { Badge } from '@/components/ui/badge'
import { cn } from '@/components/ui/cn'
import { Panel, PanelHeader } from '@/components/ui/panel'
import type { DiffLine, FieldChange } from '@/lib/workflows/compare'
import { fieldWords } from '@/lib/workflows/words'

const kindWords = { added: 'Added', removed: 'Removed', changed: 'Changed' }

/** What changes from one version to another, a panel a field. */
export function Comparison({ changes, level = 2 }: { changes: readonly FieldChange[]; level?: 2 | 3 }) {
  return (
    <ul className="flex flex-col gap-3">
      {changes.map(({ field, kind, lines }) => (
        <li key={field}>
          <Panel aria-label={fieldWords(field)} className="overflow-hidden">
            <PanelHeader
              title={fieldWords(field)}
              level={level}
              actions={<Badge tone="outline">{kindWords[kind]}</Badge>}
              className="py-1.5"
            />
            <Lines lines={lines} />
          </Panel>
        </li>
      ))}
    </ul>
  )
}

const looks = {
  same: { sign: ' ', word: '', line: 'text-muted' },
  added: { sign: '+', word: 'added: ', line: 'bg-success-soft text-success-ink' },
  removed: { sign: '−', word: 'removed: ', line: 'bg-danger-soft text-danger-ink' },
} as const

function Lines({ lines }: { lines: readonly DiffLine[] }) {
  return (
    <div className="py-1.5 font-mono text-xs leading-5 [font-variant-ligatures:none]">
      {lines.map((line, index) =>
        line.kind === 'gap' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of one text, in its order
          <p key={index} className="px-4 text-faint">
            ⋯ {line.count === 1 ? 'one line that is the same' : `${line.count} lines that are the same`}
          </p>
        ) : (
          <p
            // biome-ignore lint/suspicious/noArrayIndexKey: lines of one text, in its order
            key={index}
            className={cn('grid grid-cols-[1.25rem_1fr] px-4', looks[line.kind].line)}
          >
            <span aria-hidden className="select-none">
              {looks[line.kind].sign}
            </span>
            <span className="min-w-0 whitespace-pre-wrap wrap-anywhere">
              <span className="sr-only">{looks[line.kind].word}</span>
              {line.text}
            </span>
          </p>
        ),
      )}
    </div>
  )
}
